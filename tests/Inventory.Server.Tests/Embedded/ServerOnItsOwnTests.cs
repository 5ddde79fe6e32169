using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Server.Tests.Embedded;

/// <summary>The server as a developer starts it: one process, nothing configured but a folder.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServerOnItsOwnTests : IDisposable
{
    private readonly CleanUp cleanUp = new(Scratch.NewPath("server"));

    [Test]
    public async Task A_server_that_was_killed_takes_over_what_it_left_behind_and_the_data_is_there()
    {
        await using var killed = await StartAsync();
        var postmaster = Postmaster();
        await ExecuteAsync("CREATE TABLE kept AS SELECT 42 AS answer");

        await killed.KillAsync();
        await using var next = await StartAsync();

        Assert.That(
            next.Output,
            Does.Contain("Private PostgreSQL was left behind").And.Contain("Private Redis was left")
        );
        Assert.That(Postmaster(), Is.EqualTo(postmaster));
        Assert.That(await ExecuteAsync("SELECT answer FROM kept"), Is.EqualTo(42));
        Assert.That(await next.StopAsync(), Is.Zero);
        Assert.That($"{cleanUp.Folder}/postgres/postmaster.pid", Does.Not.Exist, "PostgreSQL takes it away as it ends");
    }

    [Test]
    public async Task Stopped_and_started_again_it_has_its_data_and_loads_no_demo_twice()
    {
        await using (var first = await StartAsync())
        {
            Assert.That(await ExecuteAsync("SELECT count(*) FROM inventory.item"), Is.EqualTo(2_000));
            Assert.That(await first.StopAsync(), Is.Zero);
        }

        await using var second = await StartAsync();

        Assert.That(second.Output, Does.Not.Contain("Demo data"));
        Assert.That(await ExecuteAsync("SELECT count(*) FROM inventory.item"), Is.EqualTo(2_000));
        Assert.That(
            await ExecuteAsync("SELECT count(*) FROM inventory.reservation WHERE state = 2"),
            Is.InRange(20, 40)
        );
    }

    [Test]
    public async Task A_second_server_on_the_folder_says_so_and_ends_while_the_first_serves_on()
    {
        await using var first = await StartAsync();

        await using var second = PublishedServer.Launch(Environment());

        Assert.That(await second.ExitAsync(), Is.EqualTo(1));
        Assert.That(second.Output, Does.Contain($"{cleanUp.Folder} is in use by process {first.Pid}"));
        using var http = new HttpClient { BaseAddress = first.Http };
        Assert.That((await http.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
    }

    public void Dispose() => cleanUp.Run();

    private Dictionary<string, string> Environment() =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["INVENTORY_DATA"] = cleanUp.Folder,
            ["ConnectionStrings__Inventory"] = "",
            ["ConnectionStrings__Redis"] = "",
        };

    private Task<PublishedServer> StartAsync() => PublishedServer.StartAsync(Environment());

    private int Postmaster() => int.Parse(File.ReadLines($"{cleanUp.Folder}/postgres/postmaster.pid").First());

    private async Task<object?> ExecuteAsync(string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(await File.ReadAllTextAsync($"{cleanUp.Folder}/postgres.port")),
            Username = "inventory",
            Password = await File.ReadAllTextAsync($"{cleanUp.Folder}/password"),
            Database = "inventory",
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
