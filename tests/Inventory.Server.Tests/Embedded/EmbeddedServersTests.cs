using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Inventory.Server.Embedded;
using Inventory.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Server.Tests.Embedded;

[SuppressMessage("Interoperability", "CA1416", Justification = "Private servers run on Linux only.")]
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EmbeddedServersTests : IDisposable
{
    private readonly CleanUp cleanUp = new(Scratch.NewPath("embedded"));

    [Test]
    public async Task What_is_written_is_there_after_a_stop_and_a_start()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        await using var second = await StartAsync();

        Assert.That(await ScalarAsync(second, "SELECT answer FROM kept"), Is.EqualTo(42));
    }

    [Test]
    public async Task A_second_start_on_the_folder_is_told_who_has_it()
    {
        await using var first = await StartAsync();

        var refused = await Assert.ThrowsAsync<EmbeddedException>(StartAsync);

        Assert.That(refused!.Message, Does.Contain($"{cleanUp.Folder} is in use by process {Environment.ProcessId}"));
        Assert.That(await ScalarAsync(first, "SELECT 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_folders_run_beside_each_other()
    {
        var other = new CleanUp(Scratch.NewPath("embedded"));
        await using var first = await StartAsync();
        await using var second = await StartAsync(new EmbeddedOptions { DataFolder = other.Folder });

        await ExecuteAsync(first, "CREATE TABLE here ()");

        Assert.That(await ScalarAsync(first, "SELECT to_regclass('here')::text"), Is.EqualTo("here"));
        Assert.That(await ScalarAsync(second, "SELECT to_regclass('here')::text"), Is.EqualTo(DBNull.Value));
        await second.DisposeAsync();
        other.Run();
    }

    [Test]
    public async Task A_server_that_is_killed_comes_back_on_its_port_with_what_was_committed()
    {
        await using var servers = await StartAsync();
        await ExecuteAsync(servers, "CREATE TABLE kept AS SELECT 42 AS answer");
        var (postgres, redis) = (servers.Postgres!.Pid, servers.Redis!.Pid);

        await servers.Postgres.KillAsync();
        await servers.Redis.KillAsync();
        await Eventually.TrueAsync(() => servers.Postgres.IsRunning && servers.Redis.IsRunning);

        Assert.That(
            await Eventually.AnswersAsync(() => ScalarAsync(servers, "SELECT answer FROM kept")),
            Is.EqualTo(42)
        );
        Assert.That(servers.Postgres.Pid, Is.Not.EqualTo(postgres));
        Assert.That(servers.Redis.Pid, Is.Not.EqualTo(redis));
    }

    [Test]
    public async Task A_stop_leaves_no_process_and_a_clean_cluster()
    {
        var servers = await StartAsync();
        int[] pids = [servers.Postgres!.Pid!.Value, servers.Redis!.Pid!.Value];

        await servers.DisposeAsync();

        Assert.That(pids.Where(IsAlive), Is.Empty);
        var log = await File.ReadAllTextAsync(Path.Combine(cleanUp.Folder, "postgres.log"));
        Assert.That(log.TrimEnd(), Does.EndWith("database system is shut down"));
    }

    [Test]
    public async Task A_last_port_that_is_taken_meanwhile_is_given_up_for_another()
    {
        int[] ports;
        await using (var first = await StartAsync())
        {
            ports = [first.Postgres!.Port, first.Redis!.Port];
        }

        using var taken = Listen(ports[0]);
        using var takenToo = Listen(ports[1]);
        await using var second = await StartAsync();

        Assert.That(ports, Has.No.Member(second.Postgres!.Port).And.No.Member(second.Redis!.Port));
        Assert.That(await ScalarAsync(second, "SELECT 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_log_that_has_grown_large_is_put_aside_at_the_next_start()
    {
        var log = Path.Combine(cleanUp.Folder, "redis.log");
        Directory.CreateDirectory(cleanUp.Folder);
        await File.WriteAllBytesAsync(log, new byte[17 * 1024 * 1024]);

        await using var servers = await StartAsync(
            new EmbeddedOptions { DataFolder = cleanUp.Folder, Postgres = false }
        );

        Assert.That(new FileInfo(log + ".old").Length, Is.EqualTo(17 * 1024 * 1024));
        Assert.That(
            await File.ReadAllTextAsync(log),
            Does.Contain("Ready to accept connections").And.Not.Contain("\0")
        );
    }

    [Test]
    public async Task A_cluster_whose_making_was_interrupted_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(cleanUp.Folder, "postgres.partial"));
        await File.WriteAllTextAsync(Path.Combine(cleanUp.Folder, "postgres.partial", "PG_VERSION"), "15\n");

        await using var servers = await StartAsync();

        Assert.That(await ScalarAsync(servers, "SELECT 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_pid_file_whose_pid_went_to_another_process_does_not_stop_the_start()
    {
        await using (await StartAsync()) { }
        var pidFile = Path.Combine(cleanUp.Folder, "postgres", "postmaster.pid");
        await File.WriteAllTextAsync(pidFile, $"{Environment.ProcessId}\n{cleanUp.Folder}/postgres\n");

        await using var servers = await StartAsync();

        Assert.That(await ScalarAsync(servers, "SELECT 1"), Is.EqualTo(1));
        Assert.That(servers.Postgres!.Pid, Is.Not.EqualTo(Environment.ProcessId));
    }

    [Test]
    public async Task PostgreSQL_is_durable_and_both_listen_on_loopback_only_behind_a_password()
    {
        await using var servers = await StartAsync();
        var stranger = new NpgsqlConnectionStringBuilder(servers.PostgresConnectionString) { Password = "guess" };

        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            Assert.That(await ScalarAsync(servers, $"SHOW {setting}"), Is.EqualTo("on"), setting);
        }

        Assert.That(await ScalarAsync(servers, "SHOW listen_addresses"), Is.EqualTo("127.0.0.1"));
        await using var connection = new NpgsqlConnection(stranger.ConnectionString);
        Assert.That(connection.OpenAsync, Throws.TypeOf<PostgresException>());
        Assert.That(await AskRedisAsync(servers.Redis!.Port), Does.StartWith("-NOAUTH"));
        Assert.That(
            File.GetUnixFileMode(Path.Combine(cleanUp.Folder, "password")),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite)
        );
    }

    [Test]
    public async Task A_part_that_is_given_is_not_started()
    {
        await using var servers = await StartAsync(
            new EmbeddedOptions { DataFolder = cleanUp.Folder, Postgres = false }
        );

        Assert.That(servers.Postgres, Is.Null);
        Assert.That(servers.Configuration.Select(c => c.Key), Is.EqualTo(new[] { EmbeddedOptions.RedisKey }));
        Assert.That(Directory.Exists(Path.Combine(cleanUp.Folder, "postgres")), Is.False);
    }

    [Test]
    public async Task With_nothing_to_start_no_folder_is_made()
    {
        var options = new EmbeddedOptions
        {
            DataFolder = cleanUp.Folder,
            Postgres = false,
            Redis = false,
        };

        var servers = await EmbeddedServers.StartAsync(options, NullLogger.Instance, CancellationToken.None);

        Assert.That(servers, Is.Null);
        Assert.That(Directory.Exists(cleanUp.Folder), Is.False);
    }

    [Test]
    public async Task A_start_that_fails_says_what_the_server_said_and_leaves_nothing_running()
    {
        var options = new EmbeddedOptions
        {
            DataFolder = cleanUp.Folder,
            PostgresSettings = new Dictionary<string, string> { ["shared_buffers"] = "plenty" },
        };

        var failed = await Assert.ThrowsAsync<EmbeddedException>(() => StartAsync(options));

        Assert.That(failed!.Message, Does.Contain("invalid value for parameter \"shared_buffers\""));
        var redis = int.Parse(await File.ReadAllTextAsync(Path.Combine(cleanUp.Folder, "redis.port")));
        Assert.That(() => AskRedisAsync(redis), Throws.InstanceOf<SocketException>());
        await using var mended = await StartAsync();
        Assert.That(mended.Postgres!.IsRunning);
    }

    public void Dispose() => cleanUp.Run();

    private Task<EmbeddedServers> StartAsync() => StartAsync(new EmbeddedOptions { DataFolder = cleanUp.Folder });

    private static async Task<EmbeddedServers> StartAsync(EmbeddedOptions options) =>
        (await EmbeddedServers.StartAsync(options, NullLogger.Instance, CancellationToken.None))!;

    private static async Task ExecuteAsync(EmbeddedServers servers, string sql) => await ScalarAsync(servers, sql);

    private static async Task<object?> ScalarAsync(EmbeddedServers servers, string sql)
    {
        await using var connection = new NpgsqlConnection(servers.PostgresConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<string?> AskRedisAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync();
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            return !Process.GetProcessById(pid).HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
