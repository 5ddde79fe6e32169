using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Scans;
using Inventory.Testing;

namespace Inventory.Engine.Tests.Scans;

/// <summary>Tests of scans: devices of their own, and what the tables say of them.</summary>
public abstract class ScanFixture : EngineFixture
{
    private const string JournalSql = """
        SELECT j.kind::int, w.code AS warehouse, coalesce(j.on_hand, 0) AS on_hand, coalesce(j.damaged, 0) AS damaged,
            coalesce(j.quality_control, 0) AS quality_control, j.document, j.actor, j.reason
        FROM journal j JOIN stock s ON s.stock_id = j.stock_id JOIN item i ON i.item_id = s.item_id
        JOIN warehouse w ON w.warehouse_id = s.warehouse_id
        WHERE i.sku = @Sku AND j.kind >= 80 ORDER BY j.position
        """;

    private protected static DateTime Noon { get; } = new(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc);

    private protected sealed record Told(
        int Kind,
        string Warehouse,
        long OnHand,
        long Damaged,
        long QualityControl,
        Guid? Document,
        string Actor,
        string? Reason
    );

    private protected static string Device() => $"reader-{Guid.NewGuid():n}";

    private protected static NewScan Read(
        ScanMeaning meaning,
        string? gtin,
        long quantity = 1,
        string? device = null,
        long sequence = 1,
        string? warehouse = null
    ) =>
        new()
        {
            DeviceId = device ?? Device(),
            Sequence = sequence,
            ScannedAt = Noon,
            Identifier = gtin ?? "what nobody knows",
            Gtin = gtin,
            Quantity = quantity,
            Warehouse = warehouse ?? Given.MainWarehouse,
            Meaning = meaning,
        };

    private protected async Task<IReadOnlyList<ScanVerdict>> Ingest(params IReadOnlyList<NewScan> scans) =>
        await IngestOn(Node.Ingest, scans);

    private protected static async Task<IReadOnlyList<ScanVerdict>> IngestOn(
        IngestScans ingest,
        params IReadOnlyList<NewScan> scans
    ) =>
        await ingest.ExecuteAsync(Some.Caller, scans, CancellationToken.None)
        ?? throw new InvalidOperationException("Too many scans wait.");

    private protected async Task<KeptScan> Kept(NewScan scan) =>
        (
            await Node.Scans.ExecuteAsync(
                new ScanFilter { DeviceId = scan.DeviceId },
                ListScans.PageSizeMax,
                null,
                CancellationToken.None
            )
        ).Scans.Single(s => s.Scan.Sequence == scan.Sequence);

    private protected async Task<List<Told>> Journal(string sku)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return (await connection.QueryAsync<Told>(JournalSql, new { Sku = sku })).AsList();
    }

    private protected static int Of(JournalKind kind) => (int)kind;
}
