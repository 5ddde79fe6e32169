using Dapper;
using Inventory.Engine.Journal.Archive;
using Inventory.Engine.Reservations.Archive;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Security.Sessions;
using Inventory.Testing;
using Inventory.V1;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>The server as a role that owns nothing, on a schema that its owner has migrated.</summary>
public sealed class ServerRoleTests : ServerFixture
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;
    private readonly string role = $"serving_{Guid.NewGuid():n}";
    private string asRole = "";

    protected override async Task<HostedServer> StartServerAsync(TestDatabase fresh)
    {
        await using (var connection = await fresh.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD '{role}'");
        }

        var (code, output, errors) = await Migrate(fresh, role);
        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain($"{role} may do what the server does, and no more"));
        asRole = new NpgsqlConnectionStringBuilder(fresh.ConnectionString)
        {
            Username = role,
            Password = role,
        }.ConnectionString;
        return await HostedServer.StartAsync(asRole);
    }

    [OneTimeTearDown]
    public async Task DropRole()
    {
        NpgsqlConnection.ClearAllPools();
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
    }

    [Test]
    public async Task All_that_the_server_does_is_done_by_a_role_that_owns_nothing()
    {
        var warehouse = Some.WarehouseCode();
        var sku = Some.Sku();
        await Warehouses.CreateWarehouseAsync(new() { Code = warehouse, Name = "W" });
        await Catalog.CreateInventoryItemAsync(new() { Sku = sku, Name = "I" });
        await Stock.AddInventoryToLocationAsync(
            new()
            {
                Sku = sku,
                Warehouse = warehouse,
                Quantity = 10,
            }
        );
        var sold = await Hold(sku, 2);
        await Reservations.ConfirmReservationAsync(new() { ReservationId = sold.ReservationId });
        var held = await Hold(sku, 2);
        await Reservations.CancelReservationAsync(new() { ReservationId = held.ReservationId });
        var transfer = await Transfers.CreateTransferAsync(
            new()
            {
                Sku = sku,
                FromWarehouseId = warehouse,
                ToWarehouseId = await Given.Warehouse(),
                Quantity = 1,
                Mode = TransferMode.Shipped,
            }
        );
        await Transfers.CancelTransferAsync(new() { TransferId = transfer.Transfer.TransferId });
        await Stock.SetInventoryAsync(
            new()
            {
                Sku = sku,
                Warehouse = warehouse,
                Quantity = 0,
            }
        );
        await Stock.DeleteInventoryAsync(new() { Sku = sku, Warehouse = warehouse });
        var lapsed = await Hold(await Given.Stock(onHand: 1));
        await Given.Lapsed(Guid.Parse(lapsed.ReservationId));

        await Eventually.TrueAsync(async () =>
            await Then.State(Guid.Parse(lapsed.ReservationId)) == Engine.Reservations.ReservationState.Expired
        );
        Assert.That(Server.Log.Alarms, Is.Empty);
        Assert.That(
            Server.Log.Entries.Where(e => e.Text.Contains("permission denied", StringComparison.Ordinal)),
            Is.Empty
        );
    }

    [TestCase("UPDATE journal SET actor = 'somebody else'")]
    [TestCase("DELETE FROM journal")]
    [TestCase("TRUNCATE journal")]
    [TestCase("UPDATE access_refusal SET caller = NULL")]
    [TestCase("DELETE FROM access_refusal")]
    [TestCase("TRUNCATE access_refusal")]
    [TestCase("INSERT INTO journal_archive (at, kind, actor) VALUES (now(), 1, 'x')")]
    [TestCase("UPDATE journal_archive SET actor = 'somebody else'")]
    [TestCase("DELETE FROM journal_archive")]
    [TestCase("TRUNCATE journal_archive")]
    [TestCase("DROP TABLE journal_archive")]
    [TestCase("UPDATE reservation_archive SET state = 3")]
    [TestCase("TRUNCATE reservation_archive")]
    [TestCase("UPDATE origin SET address = 'elsewhere'")]
    [TestCase("DELETE FROM origin")]
    [TestCase("TRUNCATE origin")]
    [TestCase("UPDATE mutation SET actor = 'somebody else'")]
    [TestCase("DELETE FROM mutation")]
    [TestCase("TRUNCATE mutation")]
    [TestCase("COMMENT ON TABLE mutation IS 'server role: DELETE'")]
    [TestCase("SELECT narrow_server_role('postgres')")]
    [TestCase(
        "INSERT INTO api_key (name, sha256, scopes, roles, created_by) VALUES ('x', '\\x00', '{admin}', '{}', 'x')"
    )]
    [TestCase("UPDATE api_key SET scopes = '{admin}'")]
    [TestCase("UPDATE api_key SET revoked_at = NULL")]
    [TestCase("DELETE FROM api_key")]
    [TestCase("DELETE FROM user_account")]
    [TestCase("UPDATE user_account SET name = 'x'")]
    [TestCase("SELECT count(*) FROM user_event")]
    [TestCase("UPDATE user_event SET actor = 'somebody else'")]
    [TestCase("DELETE FROM user_event")]
    [TestCase("UPDATE data_protection_key SET xml = ''")]
    [TestCase("DELETE FROM data_protection_key")]
    [TestCase("DELETE FROM report_schedule")]
    [TestCase("TRUNCATE report_run")]
    [TestCase("UPDATE schema_migration SET sha256 = ''")]
    [TestCase("CREATE TABLE mine (id int)")]
    [TestCase("ALTER TABLE stock DROP CONSTRAINT stock_not_oversold")]
    [TestCase("DROP TABLE stock")]
    [TestCase("SELECT grant_server_role('postgres')")]
    public async Task What_the_server_never_does_its_role_cannot_do(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(asRole) { SearchPath = "inventory" }.ConnectionString
        );
        await connection.OpenAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql));

        Assert.That(refusal!.SqlState, Is.EqualTo(Denied));
    }

    [Test]
    public async Task Users_are_made_and_sign_in_by_a_role_that_owns_nothing()
    {
        var (code, output, _) = await Run("user", "create", "--name", "boss", "--roles", "admin");
        Assert.That(code, Is.Zero);
        await using var server = await HostedServer.StartAsync(asRole, (Setting.Users, "on"));
        using var browser = new Browser(server.Ports.Http);

        var first = await browser.SignIn("boss", output.Split('\n')[0]);
        var changed = await browser.Send(
            "POST",
            "/session/password",
            $$"""{"current": "{{output.Split('\n')[0]}}", "new": "seven green bottles"}"""
        );
        browser.Csrf = changed["csrfToken"];
        var made = await browser.Send("POST", "/v1/users", """{"name": "clerk", "roles": ["warehouse_clerk"]}""");
        var edited = await browser.Send("PATCH", "/v1/users/clerk", """{"disabled": true}""");
        var reset = await browser.Send("POST", "/v1/users/clerk:resetPassword", "{}");
        var left = await browser.Send("DELETE", "/session");

        Assert.That(
            new[] { first, changed, made, edited, reset, left }.Select(a => a.Status),
            Is.EqualTo([200, 200, 200, 200, 200, 204])
        );
        Assert.That(
            server.Log.Entries.Where(e => e.Text.Contains("permission denied", StringComparison.Ordinal)),
            Is.Empty
        );
    }

    [Test]
    public async Task What_is_old_is_archived_and_brought_back_by_a_role_that_owns_nothing()
    {
        var sold = Guid.Parse((await Hold(await Given.Stock(onHand: 3))).ReservationId);
        await Reservations.ConfirmReservationAsync(new() { ReservationId = $"{sold}" });
        await using var tables = await Database.Tables.OpenConnectionAsync();
        await tables.ExecuteAsync(
            """
            CREATE TABLE journal_2020_02 PARTITION OF journal FOR VALUES FROM ('2020-02-01 00:00Z') TO ('2020-03-01 00:00Z');
            UPDATE journal SET at = timestamptz '2020-02-03 00:00Z' + version * interval '1 second' WHERE document = @sold
            """,
            new { sold }
        );

        var moved = await Server.Part<ArchiveReservations>().SweepAsync(TimeSpan.Zero, default);
        // A month stays until who follows the journal has read it.
        await Eventually.TrueAsync(async () => await Server.Part<ArchiveJournal>().SweepAsync(12, default) == 1);
        var archived = await tables.QuerySingleAsync<(long Changes, bool Reservation)>(
            """
            SELECT (SELECT count(*) FROM journal_archive WHERE document = @sold),
                EXISTS (SELECT FROM reservation_archive WHERE reservation_id = @sold)
            """,
            new { sold }
        );
        var back = await Server.Part<RecallReservation>().ExecuteAsync(sold, default);

        Assert.That((archived, back), Is.EqualTo(((2L, true), true)));
        Assert.That(moved, Is.GreaterThan(0));
    }

    [Test]
    public async Task Reports_are_scheduled_and_sent_by_a_role_that_owns_nothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var reports = new ReportService.ReportServiceClient(Server.Channel);
        var made = await reports.CreateReportScheduleAsync(
            new()
            {
                Name = "Levels",
                Report = ReportKind.StockLevels,
                Period = new() { Span = ReportSpan.PreviousDay },
                Cron = "0 0 6 * * ?",
                Destination = new() { WebhookUrl = receiver.Url },
            }
        );
        var id = made.Schedule.ScheduleId;
        await reports.UpdateReportScheduleAsync(new() { ScheduleId = id, Name = "All levels" });

        await using (var tables = await Database.Tables.OpenConnectionAsync())
        {
            await tables.ExecuteAsync("UPDATE report_schedule SET next_at = clock_timestamp()");
        }

        await Eventually.TrueAsync(() => receiver.Taken.Any());
        await reports.RunReportScheduleAsync(new() { ScheduleId = id });
        await Eventually.TrueAsync(() => receiver.Taken.Count() == 2);
        await reports.DeleteReportScheduleAsync(new() { ScheduleId = id });

        var listed = await reports.ListReportRunsAsync(new() { ScheduleId = id });
        Assert.That(listed.Runs, Has.Count.EqualTo(2));
        Assert.That(
            Server.Log.Entries.Where(e => e.Text.Contains("permission denied", StringComparison.Ordinal)),
            Is.Empty
        );
    }

    [Test]
    public async Task Partitions_are_made_by_the_owners_function_whatever_the_role_says_its_schema_is()
    {
        await using var connection = new NpgsqlConnection(asRole);
        await connection.OpenAsync();

        await connection.ExecuteAsync(
            "SET search_path = pg_temp; CREATE TEMP TABLE journal (at timestamptz) PARTITION BY RANGE (at);"
                + " SELECT inventory.make_journal_partitions(5)"
        );

        await using var tables = await Database.Tables.OpenConnectionAsync();
        var made = await tables.QuerySingleAsync<int>(
            "SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'inventory.journal'::regclass"
        );
        Assert.That(made, Is.EqualTo(7), "six months and the default");
    }

    [Test]
    public async Task The_owner_cannot_be_the_servers_role()
    {
        var owner = new NpgsqlConnectionStringBuilder(Database.ConnectionString).Username!;

        var (code, _, errors) = await Migrate(Database, owner);

        Assert.That((code, errors), Is.EqualTo((1, errors)));
        Assert.That(errors, Does.Contain("another than the owner"));
    }

    private static Task<(int Code, string Output, string Errors)> Migrate(TestDatabase database, string role) =>
        RunOn(database, "migrate", "--server-role", role);

    private Task<(int Code, string Output, string Errors)> Run(params string[] args) => RunOn(Database, args);

    private static async Task<(int Code, string Output, string Errors)> RunOn(
        TestDatabase database,
        params string[] args
    )
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await Startup.RunAsync([.. args, "--database", database.ConnectionString], output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
