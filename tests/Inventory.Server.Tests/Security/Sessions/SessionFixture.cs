using Dapper;
using Inventory.Server.Hosting;
using Inventory.Server.Security.Users;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;

namespace Inventory.Server.Tests.Security.Sessions;

/// <summary>Tests of one server at which users sign in.</summary>
public abstract class SessionFixture : RestFixture
{
    protected const string Password = "seven green bottles";

    private static readonly Lazy<string> Hash = new(() => Passwords.Hash(Password));

    private static readonly (Setting, string)[] Settings =
    [
        (Setting.Users, "on"),
        (Setting.ApiKeys, "on"),
        // The tests are many strangers from one address.
        (Setting.StrangerRate, "1000000"),
    ];

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) => AnotherServer(fresh);

    private protected static Task<HostedServer> AnotherServer(TestDatabase database, params (Setting, string)[] more) =>
        HostedServer.StartAsync(
            database.ConnectionString,
            [.. Settings.ExceptBy(more.Select(m => m.Item1), s => s.Item1), .. more]
        );

    private protected Browser NewBrowser() => new(Server.Ports.Http);

    /// <summary>A fresh user whose password is <see cref="Password"/>.</summary>
    protected async Task<string> GivenUser(string role = "admin", bool mustChange = false, string? hash = null)
    {
        var name = $"u{Guid.NewGuid():n}";
        await Execute(
            """
            INSERT INTO user_account (name, password_hash, roles, must_change, created_by, updated_by)
            VALUES (@Name, @Hash, ARRAY[@Role], @MustChange, 'tests', 'tests')
            """,
            new
            {
                Name = name,
                Hash = hash ?? Hash.Value,
                Role = role,
                MustChange = mustChange,
            }
        );
        return name;
    }

    private protected async Task<(Browser Browser, string Name)> SignedIn(string role = "admin")
    {
        var name = await GivenUser(role);
        var browser = NewBrowser();
        var answer = await browser.SignIn(name, Password);
        return answer.Status == 200 ? (browser, name) : throw new InvalidOperationException(answer.ToString());
    }

    protected async Task Execute(string sql, object? parameters = null)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    protected async Task<T> Read<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QuerySingleAsync<T>(sql, parameters))!;
    }

    /// <summary>Why attempts by that name were refused, as the audit has it, in order.</summary>
    protected async Task<IReadOnlyList<string>> Refusals(string name)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        var rows = await connection.QueryAsync<string>(
            "SELECT reason FROM access_refusal WHERE caller = @Caller ORDER BY at",
            new { Caller = $"user:{name}" }
        );
        return rows.AsList();
    }

    protected static string Body(string name, string password) =>
        $$"""{"name": "{{name}}", "password": "{{password}}"}""";
}
