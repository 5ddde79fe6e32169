using System.Text.RegularExpressions;
using Dapper;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security.Sessions;

public sealed partial class FirstAdminTests
{
    [Test]
    public async Task Servers_that_start_at_once_make_one_admin_and_one_cookie_key_and_tell_its_password_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var servers = await Task.WhenAll(Start(database), Start(database));
        await using var first = servers[0];
        await using var second = servers[1];
        await using var later = await Start(database);

        var told = Told().Matches(first.Output + second.Output + later.Output);
        Assert.That(told, Has.Count.EqualTo(1), first.Output + second.Output);
        var password = told[0].Groups["password"].Value;
        Assert.That(LogOf(first) + LogOf(second), Does.Not.Contain(password));
        using var browser = new Browser(first.Http.ToString());
        var signed = await browser.SignIn("admin", password);
        using var there = browser.Copy(second.Http.ToString());

        Assert.That((signed.Status, signed["mustChangePassword"]), Is.EqualTo((200, "True")), signed.Text);
        Assert.That((await there.Get("/session")).Status, Is.EqualTo(200), "with the cookie of the other");
        await using var tables = await database.Tables.OpenConnectionAsync();
        Assert.That(
            await tables.QuerySingleAsync<(long, long)>(
                "SELECT (SELECT count(*) FROM user_account), (SELECT count(*) FROM data_protection_key)"
            ),
            Is.EqualTo((1L, 1L))
        );
    }

    [Test]
    public async Task The_operator_makes_lists_and_lets_in_users_without_another_admin()
    {
        await using var database = await TestDatabase.CreateAsync();

        var made = await Run(
            database,
            "user",
            "create",
            "--name",
            "boss",
            "--roles",
            "admin",
            "--warehouses",
            "BER,HAM"
        );
        var taken = await Run(database, "user", "create", "--name", "BOSS", "--roles", "admin");
        var reset = await Run(database, "user", "reset", "--name", "Boss");
        var list = await Run(database, "user", "list");
        var wrong = await Run(database, "user", "create", "--name", "a b", "--roles", "root");
        var unknown = await Run(database, "user", "reset", "--name", "nobody");
        var verb = await Run(database, "user", "delete");

        await using var server = await HostedServer.StartAsync(database.ConnectionString, (Setting.Users, "on"));
        using var browser = new Browser(server.Ports.Http);
        var old = await browser.SignIn("boss", made.Output.Split('\n')[0]);
        var signed = await browser.SignIn("boss", reset.Output.Split('\n')[0]);
        Assert.That((old.Status, signed.Status), Is.EqualTo((401, 200)));
        Assert.That((made.Code, reset.Code, list.Code), Is.EqualTo((0, 0, 0)));
        Assert.That(list.Output, Is.EqualTo("boss: admin in BER,HAM; must set a password; never signed in\n"));
        Assert.That((taken.Code, wrong.Code, unknown.Code, verb.Code), Is.EqualTo((2, 2, 2, 2)));
        Assert.That(wrong.Errors, Does.Contain("--name must").And.Contain("'root'"));
    }

    private static Task<PublishedServer> Start(TestDatabase database) =>
        PublishedServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__Inventory"] = database.ConnectionString,
                [Setting.Users.Key] = "on",
            }
        );

    private static async Task<(int Code, string Output, string Errors)> Run(TestDatabase database, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await Startup.RunAsync([.. args, "--database", database.ConnectionString], output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>In Production each message of the log is a line of JSON.</summary>
    private static string LogOf(PublishedServer server) =>
        string.Concat(server.Output.Split('\n').Where(l => l.StartsWith('{')));

    [GeneratedRegex("told this once: (?<password>[a-z2-9-]{23})")]
    private static partial Regex Told();
}
