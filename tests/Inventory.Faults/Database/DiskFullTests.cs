using Inventory.Faults.Histories;
using Inventory.Faults.Load;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Faults.Database;

/// <summary>
/// The database runs out of disk under load. Where a small file system can be mounted it is one; elsewhere the kernel's
/// limit on the size of a file takes its place, which PostgreSQL meets as a full disk too.
/// </summary>
[TestFixture]
public sealed class DiskFullTests
{
    private const int DiskMebibytes = 64;
    private const int PageSize = 8_192;

    // Less than a file of the log has.
    private const long LogLimit = 4 * 1024 * 1024;
    private const string DiskFull = PostgresErrorCodes.DiskFull;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);

    // No vacuum gives room back behind the test's back.
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["shared_buffers"] = "64MB",
        ["autovacuum"] = "off",
    };

    // Root may not set the limits of others' processes everywhere; their own user may.
    private static readonly string[] DatabaseUser = Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        : [];

    private int seed;
    private SmallDisk? disk;
    private TestCluster cluster = null!;
    private ProxiedCell cell = null!;
    private List<string> skus = null!;

    [SetUp]
    public async Task StartAsync()
    {
        seed = Random.Shared.Next();
        disk = await SmallDisk.TryMountAsync(DiskMebibytes);
        await TestContext.Out.WriteLineAsync(
            $"seed {seed}, {(disk is null ? "limited files" : "a small file system")}"
        );
        cluster = await TestCluster.StartAsync(Settings);
        cell = await ProxiedCell.StartAsync(cluster);
        skus = [await cell.Given.Stock(onHand: 2_000), await cell.Given.Stock(onHand: 2_000)];
    }

    [TearDown]
    public async Task StopAsync()
    {
        await cell.DisposeAsync();
        await cluster.DisposeAsync();
        if (disk is not null)
        {
            await disk.DisposeAsync();
        }
    }

    [Test]
    public async Task While_the_tables_cannot_grow_orders_fail_cleanly_and_afterwards_all_is_well()
    {
        await PrepareTablesAsync();
        var shop = new Shop([cell.Direct, cell.Proxied], skus, seed);
        shop.Open(customersPerCaller: 6);
        await shop.ServesAsync(300);

        await FillAsync(TablesLimitAsync);
        await Eventually.TrueAsync(() => Errors().Any());
        await shop.ServesAsync(300);
        await FreeAsync();
        await Eventually.TrueAsync(async () => await AskAsync() is Granted, Recovery);
        await shop.ServesAsync(300);
        await shop.CloseAsync();
        await cell.Direct.SettleAsync();

        Assert.That(Errors().Where(error => !IsClean(error)), Is.Empty, $"seed {seed}");
        await cell.AssertPromisesAsync(seed);
    }

    [Test]
    public async Task Where_the_log_cannot_grow_the_database_ends_and_nothing_acknowledged_is_lost()
    {
        await PrepareLogAsync();
        var shop = new Shop([cell.Direct, cell.Proxied], skus, seed);
        shop.Open(customersPerCaller: 6);
        await shop.ServesAsync(300);

        await FillAsync(() => Task.FromResult(LogLimit));
        await Eventually.TrueAsync(async () =>
        {
            await SwitchLogAsync();
            return Errors().Any();
        });
        await shop.ServesAsync(50);
        await FreeAsync();
        if (!cluster.Postgres.IsRunning)
        {
            await cluster.Postgres.StartAgainAsync(default);
        }

        NpgsqlConnection.ClearAllPools();
        await Eventually.TrueAsync(async () => await AskAsync() is Granted, Recovery);
        await shop.ServesAsync(300);
        await shop.CloseAsync();
        await cell.Direct.SettleAsync();
        cell.Database.Tables.Clear();

        await cell.AssertPromisesAsync(seed);
    }

    // Where files are limited, a write beyond the limit is refused with another code than one that is cut short.
    private bool IsClean(string error) =>
        error.StartsWith(DiskFull, StringComparison.Ordinal)
        || (disk is null && error.Contains("could not extend file", StringComparison.Ordinal));

    private Task<Reply> AskAsync() => cell.Direct.AskAsync(cell.Direct.Order(skus[0]));

    private IEnumerable<string> Errors() =>
        cell.History.Entries.Select(e => e.Reply).OfType<Unknown>().Select(u => u.Error);

    private async Task PrepareTablesAsync()
    {
        if (disk is not null)
        {
            await ExecuteAsync($"CREATE TABLESPACE small LOCATION '{disk.Folder}'");
            await ExecuteAsync("ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE small");
            await ExecuteAsync("ALTER INDEX ALL IN TABLESPACE pg_default SET TABLESPACE small");
            return;
        }

        // The log's files have 16 MiB and must stay writable: the table of reservations is made greater, by rows that
        // are not there any more.
        await ExecuteAsync(
            """
            BEGIN;
            INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id, stock_ids, quantities)
            SELECT gen_random_uuid(), 1, now(), now(), 5, 'nobody', repeat('x', 64), '{1}', '{1}' FROM generate_series(1, 120000);
            ROLLBACK
            """
        );
    }

    /// <summary>Above the greatest table, in the middle of a page: a write is cut short, as on a full disk.</summary>
    private async Task<long> TablesLimitAsync()
    {
        await using var command = cell.Database.Tables.CreateCommand("SELECT pg_relation_size('reservation')");
        return (long)(await command.ExecuteScalarAsync())! + 8 * PageSize + PageSize / 2;
    }

    /// <summary>The log moves to the small file system.</summary>
    private async Task PrepareLogAsync()
    {
        if (disk is null)
        {
            return;
        }

        var log = Path.Combine(cluster.Folder, "postgres", "pg_wal");
        await cluster.Postgres.StopAsync();
        await RunAsync("cp", "-a", log, Path.Combine(disk.Folder, "log"));
        Directory.Delete(log, recursive: true);
        await RunAsync("ln", "-s", Path.Combine(disk.Folder, "log"), log);
        await cluster.Postgres.StartAgainAsync(default);
        NpgsqlConnection.ClearAllPools();
    }

    private async Task FillAsync(Func<Task<long>> limit)
    {
        disk?.Fill();
        if (disk is null)
        {
            await LimitAsync($"{await limit()}");
        }
    }

    private async Task FreeAsync()
    {
        disk?.Free();
        if (disk is null)
        {
            await LimitAsync("unlimited");
        }
    }

    /// <summary>Of the postmaster, and so of every backend that it starts, and of those that it has.</summary>
    private async Task LimitAsync(string limit)
    {
        var postmaster = cluster.Postgres.Pid!.Value;
        var backends = await File.ReadAllTextAsync($"/proc/{postmaster}/task/{postmaster}/children");
        string[] command = [.. DatabaseUser, "prlimit", $"--fsize={limit}:unlimited", "--pid"];
        Assert.That(await RunAsync([.. command, $"{postmaster}"]), Is.Zero);
        foreach (var pid in backends.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // One that has ended meanwhile has no limit to be set.
            await RunAsync([.. command, pid]);
        }
    }

    /// <summary>So that the log needs its next file now. What becomes of this call is not the question.</summary>
    private async Task SwitchLogAsync()
    {
        try
        {
            await ExecuteAsync("SELECT pg_switch_wal()");
        }
        catch (NpgsqlException)
        {
            // The database ends, has ended, or begins again.
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = cell.Database.Tables.CreateCommand(sql);
        command.CommandTimeout = 60;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<int> RunAsync(params string[] command)
    {
        using var process = System.Diagnostics.Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
