using System.Text.Json;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Independent;
using Inventory.Server.Tests.Security.Sessions;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Pages;

/// <summary>Our pages as a person uses them, in a browser, which holds them to their policy.</summary>
public sealed class PagesTests : SessionFixture
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly string Folder = Path.Combine(
        NodeProgram.Repository,
        "tests",
        "Inventory.Server.Tests",
        "Pages"
    );

    [Test]
    public async Task A_person_signs_in_sets_a_password_tries_the_API_and_signs_out_and_no_script_but_ours_runs()
    {
        await NodeProgram.InstallAsync(Folder);
        var (name, sku) = ($"u{Guid.NewGuid():n}", Some.Sku());
        var password = await MakeUser(name);

        var line = await NodeProgram.RunAsync(
            "node",
            Folder,
            "pages.mjs",
            Server.Ports.Http,
            FindBrowser(),
            name,
            password,
            sku
        );

        using var learned = JsonDocument.Parse(line);
        var seen = learned.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(Texts(seen, "consoleErrors"), Is.Empty);
            Assert.That(Texts(seen, "violations"), Is.Empty);
            Assert.That(Texts(seen, "dialogs"), Is.Empty);
            Assert.That(seen.GetProperty("refusal").GetString(), Is.Not.Empty);
            Assert.That(seen.GetProperty("mustChange").GetBoolean(), Is.True);
            Assert.That(seen.GetProperty("who").GetString(), Is.EqualTo(name));
            Assert.That(seen.GetProperty("session").GetString(), Is.EqualTo(name));
            Assert.That(seen.GetProperty("made").GetProperty("status").GetInt32(), Is.EqualTo(200));
            Assert.That(seen.GetProperty("read").GetProperty("status").GetInt32(), Is.EqualTo(200));
            Assert.That(
                seen.GetProperty("read").GetProperty("text").GetString(),
                Does.Contain("\"name\": \"<img src=x onerror=alert(1)>\"")
            );
            Assert.That(seen.GetProperty("images").GetInt32(), Is.Zero);
            Assert.That(seen.GetProperty("curl").GetString(), Does.StartWith("curl -X GET").And.Contains(sku));
            Assert.That(Texts(seen, "cookies"), Does.Not.Contain(Security.Sessions.Browser.SessionName));
            Assert.That(seen.GetProperty("signedOut").GetBoolean(), Is.True);
        });
    }

    /// <returns>The password that is told once.</returns>
    private async Task<string> MakeUser(string name)
    {
        using var output = new StringWriter();
        string[] create = ["user", "create", "--name", name, "--roles", "admin"];
        await Startup.RunAsync([.. create, "--database", Database.ConnectionString], output, TextWriter.Null);
        return output.ToString().Split('\n')[0];
    }

    private static IEnumerable<string?> Texts(JsonElement seen, string name) =>
        seen.GetProperty(name).EnumerateArray().Select(e => e.GetString());

    private static string FindBrowser() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("No chromium is installed. On Debian: apt-get install chromium");
}
