using System.Text.Json;
using Inventory.Engine.Database;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Database;

/// <summary>
/// Every statement fits the schema; and no plan that a hot connection may come to keep for its life scans a table,
/// reads an index without a key, or had nothing but a forbidden node to choose.
/// </summary>
[TestFixture]
public sealed class StatementTests : EngineFixture
{
    private const double CostMax = 1e10;

    // As on the largest tables, where the planner would start workers for a read of a few rows.
    private const string ParallelIsCheap = """
        SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
        SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0
        """;

    private static readonly string[] HotSlices =
    [
        "reservations.",
        "expiry.",
        "stock.edit",
        "stock.open",
        "stock.bulk_",
        "database.items",
        "database.owners",
        "journal.follow",
        "availability.read_rows",
        "availability.watch",
        "scans.barcodes",
        "scans.take_",
        "scans.write",
        "scans.settle_",
    ];

    // Lists are for people, and who waits does so off the hot path: on the other connections, which plan by the tables'
    // sizes.
    private static readonly string[] NotHot =
    [
        "reservations.list",
        "reservations.wait",
        "reservations.find_",
        "reservations.grant",
        "reservations.end_waiting",
        "reservations.settle",
        "reservations.count_",
    ];

    private const string FewHoldsSql = """
        -- tests.few_holds
        DELETE FROM reservation WHERE reservation_id NOT IN (SELECT reservation_id FROM reservation WHERE state = 2 LIMIT 50);
        ANALYZE reservation
        """;

    private static IEnumerable<Statement> Hot =>
        Statement.All.Where(s =>
            HotSlices.Any(h => s.Name.StartsWith(h, StringComparison.Ordinal))
            && !NotHot.Any(p => s.Name.StartsWith(p, StringComparison.Ordinal))
        );

    [Test]
    public void The_hot_statements_are_found() =>
        Assert.That(
            Hot.Select(s => s.Name),
            Is.SupersetOf([
                "reservations.lock",
                "reservations.reserve",
                "reservations.prove_refusal",
                "reservations.end",
                "reservations.extend",
                "reservations.get",
                "expiry.wait",
                "expiry.claim",
                "expiry.end",
                "stock.edit",
                "stock.bulk_lock",
                "stock.bulk_write",
                "journal.follow",
                "journal.follow_brief",
                "journal.follow_stock",
                "journal.follow_changes",
                "availability.watch_levels",
                "reservations.watch",
                "scans.take_seen",
                "scans.take_reads",
                "scans.write",
            ])
        );

    [Test]
    public void No_two_statements_have_one_name() => Assert.That(Statement.All.Select(s => s.Name), Is.Unique);

    [TestCaseSource(typeof(Statement), nameof(Statement.All))]
    public async Task A_statement_fits_the_schema(object statement)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();

        Assert.That(async () => await PrepareAsync(connection, (Statement)statement), Throws.Nothing);
    }

    [Test]
    public async Task Hot_plans_use_keys_on_empty_tables()
    {
        await using var empty = await TestDatabase.CreateAsync();

        Assert.That(await FindingsAsync(empty.Cell), Is.Empty);
    }

    [Test]
    public async Task Hot_plans_use_keys_on_full_tables()
    {
        await using var full = await TestDatabase.CreateAsync();
        await FillAsync(full);

        Assert.That(await FindingsAsync(full.Cell), Is.Empty);
    }

    [Test]
    public async Task Passes_over_the_journal_have_the_planner_of_the_hot_path()
    {
        await using var connection = await Database.Cell.Following.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("SHOW enable_seqscan", connection);

        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("off"));
    }

    // As on a morning with few open holds: the plan is kept, and by noon there are many.
    [Test]
    public async Task A_refusal_is_proven_by_the_first_holds_that_lapse_and_not_by_sorting_all()
    {
        await using var few = await TestDatabase.CreateAsync();
        await FillAsync(few);
        var proof = Statement.All.Single(s => s.Name == "reservations.prove_refusal");
        await using var connection = new NpgsqlConnection(few.Cell.OrderedConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, FewHoldsSql);
        await PrepareAsync(connection, proof);

        var plan = $"{await ExplainAsync(connection, proof)}";

        Assert.That(plan, Does.Contain("reservation_due"));
        Assert.That(plan, Does.Not.Contain("\"Sort\""));
    }

    [Test]
    public async Task A_plan_that_scans_or_reads_a_whole_index_is_found()
    {
        await using var connection = new NpgsqlConnection(Database.Cell.HotConnectionString);
        await connection.OpenAsync();
        var scan = new Statement("tests.scan", "SELECT count(*) FROM barcode WHERE item_id + 0 = $1", 1);
        var whole = new Statement(
            "tests.whole",
            "SELECT request_id FROM reservation WHERE state = 2 AND caller = $1",
            1
        );
        await PrepareAsync(connection, scan);
        await PrepareAsync(connection, whole);

        Assert.That(Findings(scan, await ExplainAsync(connection, scan)), Is.Not.Empty);
        Assert.That(Findings(whole, await ExplainAsync(connection, whole)), Is.Not.Empty);
    }

    private static async Task<List<string>> FindingsAsync(Cell cell)
    {
        await using var connection = new NpgsqlConnection(cell.HotConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "SET inventory.due = '{}'");
        await ExecuteAsync(connection, ParallelIsCheap);
        var findings = new List<string>();
        foreach (var statement in Hot)
        {
            await PrepareAsync(connection, statement);
            findings.AddRange(Findings(statement, await ExplainAsync(connection, statement)));
        }

        return findings;
    }

    private static Task PrepareAsync(NpgsqlConnection connection, Statement statement)
    {
        var begin = statement.Text[(statement.Text.IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimStart();
        return begin.Split(' ')[0] switch
        {
            // Utility statements cannot be prepared: they are run, in a transaction that is given up.
            "CREATE" or "DECLARE" => ExecuteAsync(connection, $"BEGIN;\n{statement.Text};\nROLLBACK"),
            "FETCH" => Task.CompletedTask,
            _ => ExecuteAsync(connection, $"PREPARE \"{statement.Name}\" AS {statement.Text}"),
        };
    }

    [Test]
    public void What_is_fetched_was_declared()
    {
        var fetched = Statement.All.Where(s => s.Text.Contains("FETCH ", StringComparison.Ordinal)).ToList();
        var cursors = fetched.Select(s => s.Text.Split(' ')[^1].Trim());

        Assert.That(fetched, Is.Not.Empty);
        Assert.That(
            cursors.Where(c => !Statement.All.Any(s => s.Text.Contains($"DECLARE {c} ", StringComparison.Ordinal))),
            Is.Empty
        );
    }

    private static async Task<JsonElement> ExplainAsync(NpgsqlConnection connection, Statement statement)
    {
        // The plan is generic: it does not know the values, so none are as good as any.
        var values = string.Join(", ", Enumerable.Repeat("NULL", statement.ParameterCount));
        var arguments = statement.ParameterCount == 0 ? "" : $"({values})";
        await using var command = new NpgsqlCommand(
            $"EXPLAIN (FORMAT JSON) EXECUTE \"{statement.Name}\"{arguments}",
            connection
        );
        using var json = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        return json.RootElement[0].GetProperty("Plan").Clone();
    }

    private static IEnumerable<string> Findings(Statement statement, JsonElement node)
    {
        var type = node.GetProperty("Node Type").GetString()!;
        if (type == "Seq Scan")
        {
            yield return $"{statement}: scans {node.GetProperty("Relation Name")}";
        }

        if (type.Contains("Index", StringComparison.Ordinal) && !node.TryGetProperty("Index Cond", out _))
        {
            yield return $"{statement}: reads all of {node.GetProperty("Index Name")}";
        }

        if (type.StartsWith("Gather", StringComparison.Ordinal))
        {
            yield return $"{statement}: starts workers";
        }

        if (node.GetProperty("Total Cost").GetDouble() >= CostMax)
        {
            yield return $"{statement}: {type} is forbidden, and there was no other";
        }

        if (node.TryGetProperty("Plans", out var children))
        {
            foreach (var finding in children.EnumerateArray().SelectMany(child => Findings(statement, child)))
            {
                yield return finding;
            }
        }
    }

    private static async Task FillAsync(TestDatabase database)
    {
        await using var connection = await database.Tables.OpenConnectionAsync();
        await ExecuteAsync(
            connection,
            """
            INSERT INTO warehouse (code, name) SELECT 'W' || w, 'W' || w FROM generate_series(1, 20) w;
            INSERT INTO item (sku, name) SELECT 'S' || i, 'S' || i FROM generate_series(1, 2000) i;
            INSERT INTO stock (item_id, warehouse_id, on_hand, version)
            SELECT i, w, 100, 1 FROM generate_series(1, 2000) i, generate_series(1, 20) w;
            INSERT INTO journal (at, stock_id, version, on_hand, kind, actor)
            SELECT clock_timestamp(), s, 1, 100, 11, 'tests' FROM generate_series(1, 40000) s;
            INSERT INTO reservation (reservation_id, fingerprint, created_at, expires_at, state, caller, request_id,
                stock_ids, quantities)
            SELECT gen_random_uuid(), r, clock_timestamp(), clock_timestamp(), 2 + r % 5, 'tests', r::text, ARRAY[r], ARRAY[1]
            FROM generate_series(1, 40000) r;
            INSERT INTO scan (scan_id, received_at, scanned_at, sequence, quantity, meaning, stock_state, state, device_id, caller,
                identifier, tag, warehouse, warehouse_id)
            SELECT gen_random_uuid(), clock_timestamp(), clock_timestamp(), n, 1, 1, 1, 1, 'D' || n % 9, 'tests', 'I' || n, 'T' || n, 'W1', 1
            FROM generate_series(1, 40000) n;
            ANALYZE;
            """
        );
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
