using System.Text.Json;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Tests.Independent;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

[Parallelizable(ParallelScope.Self)]
public sealed class OpenApiTests : RestFixture
{
    private static readonly string Folder = Path.Combine(
        NodeProgram.Repository,
        "tests",
        "Inventory.Server.Tests",
        "Independent"
    );

    [Test]
    public async Task The_document_is_valid_OpenAPI_3_1_by_a_validator_that_is_not_ours()
    {
        await NodeProgram.InstallAsync(Folder);

        var verdict = await NodeProgram.RunAsync("node", Folder, "openapi.mjs", $"{Server.Ports.Http}/openapi/v1.json");

        Assert.That(verdict.Trim(), Is.EqualTo("3.1 valid"));
    }

    [Test]
    public async Task Every_route_is_in_it_and_every_operation_has_a_name_of_its_own()
    {
        var document = (await Get("/openapi/v1.json")).Json;

        var operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject())
            .Select(o => o.Value.GetProperty("operationId").GetString())
            .ToArray();
        Assert.That(operations, Has.Length.EqualTo(Server.Part<RestRouter>().Routes.Count));
        Assert.That(operations, Is.Unique);
    }

    [Test]
    public async Task What_the_protos_say_is_said_of_every_operation_parameter_and_field()
    {
        var document = (await Get("/openapi/v1.json")).Json;

        var silent = Described(document.GetProperty("paths"), "paths")
            .Concat(Described(document.GetProperty("components").GetProperty("schemas"), "schemas"))
            .Where(d => !d.Path.Contains("google.") && string.IsNullOrEmpty(d.Text));

        Assert.That(silent.Select(d => d.Path), Is.Empty);
        Assert.That(
            document.GetProperty("components").GetProperty("schemas").GetProperty("Money").GetRawText(),
            Does.Contain("An amount of money: a decimal as a string, never a float.")
        );
    }

    [Test]
    public async Task The_page_is_whole_takes_nothing_from_elsewhere_and_runs_nothing_from_elsewhere()
    {
        var page = await Get("/docs");
        var script = await Get("/docs/docs.js");
        var style = await Get("/docs/docs.css");

        Assert.That((page.Status, script.Status, style.Status), Is.EqualTo((200, 200, 200)));
        Assert.That(page.Headers["Content-Security-Policy"], Does.StartWith("default-src 'none'; script-src 'self'"));
        Assert.That(page.Text + script.Text + style.Text, Does.Not.Contain("http://").And.Not.Contain("https://"));
        Assert.That(script.Text, Does.Not.Contain("innerHTML"));
    }

    /// <summary>What must have a description: operations, parameters, and the properties of schemas.</summary>
    private static IEnumerable<(string Path, string? Text)> Described(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            return json.EnumerateArray().SelectMany((item, i) => Described(item, $"{path}[{i}]"));
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var inner = json.EnumerateObject().SelectMany(p => Described(p.Value, $"{path}.{p.Name}"));
        var must =
            json.TryGetProperty("operationId", out _)
            || (json.TryGetProperty("in", out var place) && place.ValueKind == JsonValueKind.String)
            || path.Split('.') is [.., "properties", _] or ["schemas", _];
        var isSaid = json.TryGetProperty("description", out var said) && said.ValueKind == JsonValueKind.String;
        var text = isSaid ? said.GetString() : null;
        return must ? inner.Append((path, text)) : inner;
    }
}
