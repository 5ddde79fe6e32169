using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Faults.Network;

[TestFixture]
public sealed class ChaosProxyOnPostgresTests
{
    private const string Insert = "INSERT INTO warehouse (code, name) VALUES ($1, $1)";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);
    private TestDatabase database = null!;
    private ChaosProxy proxy = null!;
    private NpgsqlDataSource proxied = null!;

    [SetUp]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync();
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        proxy = ChaosProxy.Start(direct.Port, Wire.Postgres);
        var settings = new NpgsqlConnectionStringBuilder(database.Tables.ConnectionString)
        {
            Password = direct.Password,
            Port = proxy.Port,
            CommandTimeout = 2,
            CancellationTimeout = 100,
        };
        proxied = NpgsqlDataSource.Create(settings.ConnectionString);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await proxied.DisposeAsync();
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Statements_pass_unchanged_prepared_or_not_small_or_large()
    {
        await using var connection = await proxied.OpenConnectionAsync();
        var text = new string('x', 300_000);
        await using var command = new NpgsqlCommand("SELECT $1 || $1", connection)
        {
            Parameters = { new() { Value = text } },
        };

        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(text + text));
        await command.PrepareAsync();
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(text + text));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_swallowed_answer_leaves_the_effect_and_an_error(bool prepared)
    {
        await using var connection = await proxied.OpenConnectionAsync();
        await InsertAsync(connection, "before", prepared);

        var swallowed = proxy.SwallowAnswer(sql => sql.StartsWith("INSERT", StringComparison.Ordinal));

        Assert.That(async () => await InsertAsync(connection, "A", prepared), Throws.InstanceOf<NpgsqlException>());
        Assert.That(await swallowed.WaitAsync(Bound), Is.True);
        Assert.That(await CountAsync("A"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_swallowed_commit_is_a_commit()
    {
        await using var connection = await proxied.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await InsertAsync(connection, "A", prepared: false);

        var swallowed = proxy.SwallowAnswer(sql => sql == "COMMIT");

        Assert.That(async () => await transaction.CommitAsync(), Throws.InstanceOf<NpgsqlException>());
        Assert.That(await swallowed.WaitAsync(Bound), Is.True);
        Assert.That(await CountAsync("A"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_swallowed_error_is_told_from_a_swallowed_effect()
    {
        await using var connection = await proxied.OpenConnectionAsync();
        await InsertAsync(connection, "A", prepared: false);

        var swallowed = proxy.SwallowAnswer(sql => sql.StartsWith("INSERT", StringComparison.Ordinal));

        Assert.That(
            async () => await InsertAsync(connection, "A", prepared: false),
            Throws.InstanceOf<NpgsqlException>()
        );
        Assert.That(await swallowed.WaitAsync(Bound), Is.False);
        Assert.That(await CountAsync("A"), Is.EqualTo(1));
    }

    [Test]
    public async Task Behind_silence_the_client_waits_for_its_own_timeout_and_the_backend_stays()
    {
        await using var connection = await proxied.OpenConnectionAsync();
        var backend = connection.ProcessID;

        var swallowed = proxy.SwallowAnswer(
            sql => sql.StartsWith("INSERT", StringComparison.Ordinal),
            Afterwards.Silence
        );

        var insert = InsertAsync(connection, "A", prepared: false);
        Assert.That(await swallowed.WaitAsync(Bound), Is.True);
        Assert.That(await BackendsAsync(backend), Is.EqualTo(1));
        Assert.That(
            async () => await insert,
            Throws.InstanceOf<NpgsqlException>().With.InnerException.TypeOf<TimeoutException>()
        );
    }

    [Test]
    public async Task A_lost_request_has_no_effect()
    {
        await using var connection = await proxied.OpenConnectionAsync();

        var lost = proxy.LoseRequest(sql => sql.StartsWith("INSERT", StringComparison.Ordinal));

        Assert.That(
            async () => await InsertAsync(connection, "A", prepared: false),
            Throws.InstanceOf<NpgsqlException>()
        );
        await lost.WaitAsync(Bound);
        Assert.That(await CountAsync("A"), Is.EqualTo(0));
    }

    [Test]
    public async Task A_trap_springs_once_and_only_for_its_statement()
    {
        await using var connection = await proxied.OpenConnectionAsync();
        var swallowed = proxy.SwallowAnswer(sql => sql.StartsWith("DELETE", StringComparison.Ordinal));

        await InsertAsync(connection, "A", prepared: false);
        Assert.That(swallowed.IsCompleted, Is.False);
        await using var delete = new NpgsqlCommand("DELETE FROM warehouse", connection);
        Assert.That(async () => await delete.ExecuteNonQueryAsync(), Throws.InstanceOf<NpgsqlException>());

        await using var next = await proxied.OpenConnectionAsync();
        await using var again = new NpgsqlCommand("DELETE FROM warehouse", next);
        Assert.That(await again.ExecuteNonQueryAsync(), Is.EqualTo(0));
    }

    private static async Task InsertAsync(NpgsqlConnection connection, string code, bool prepared)
    {
        await using var command = new NpgsqlCommand(Insert, connection) { Parameters = { new() { Value = code } } };
        if (prepared)
        {
            await command.PrepareAsync();
        }

        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync(string code)
    {
        await using var command = database.Tables.CreateCommand("SELECT count(*) FROM warehouse WHERE code = $1");
        command.Parameters.Add(new() { Value = code });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<long> BackendsAsync(int pid)
    {
        await using var command = database.Tables.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE pid = $1");
        command.Parameters.Add(new() { Value = pid });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
