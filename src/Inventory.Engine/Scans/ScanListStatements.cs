using Dapper;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>
/// The statements of the lists, one each way to the scans: by device, those in quarantine, or all. Each goes on behind
/// a place.
/// </summary>
internal static class ScanListStatements
{
    private const string DeviceSql = """
        -- scans.list_of_device
        SELECT s.scan_id, s.received_at, s.scanned_at, s.sequence, s.quantity, s.available, s.settled_at, s.meaning::int, s.stock_state::int,
            s.state::int, s.problem::int, s.device_id, s.caller, s.identifier, s.gtin, s.tag, s.warehouse, s.to_warehouse, s.reason,
            s.reference, s.detail, s.settled_by, s.note, (SELECT i.sku FROM item i WHERE i.item_id = s.item_id) AS sku
        FROM scan s
        WHERE s.device_id = @DeviceId AND s.sequence < @Sequence AND (@State::smallint IS NULL OR s.state = @State)
            AND s.received_at >= @From AND s.received_at < @Before
        ORDER BY s.sequence DESC LIMIT @Limit
        """;

    private const string QuarantineSql = """
        -- scans.list_quarantined
        SELECT s.scan_id, s.received_at, s.scanned_at, s.sequence, s.quantity, s.available, s.settled_at, s.meaning::int, s.stock_state::int,
            s.state::int, s.problem::int, s.device_id, s.caller, s.identifier, s.gtin, s.tag, s.warehouse, s.to_warehouse, s.reason,
            s.reference, s.detail, s.settled_by, s.note, (SELECT i.sku FROM item i WHERE i.item_id = s.item_id) AS sku
        FROM scan s
        WHERE s.state = 2 AND (s.received_at, s.scan_id) < (@Time, @Id) AND s.received_at >= @From AND s.received_at < @Before
        ORDER BY s.received_at DESC, s.scan_id DESC LIMIT @Limit
        """;

    private const string AllSql = """
        -- scans.list_all
        SELECT s.scan_id, s.received_at, s.scanned_at, s.sequence, s.quantity, s.available, s.settled_at, s.meaning::int, s.stock_state::int,
            s.state::int, s.problem::int, s.device_id, s.caller, s.identifier, s.gtin, s.tag, s.warehouse, s.to_warehouse, s.reason,
            s.reference, s.detail, s.settled_by, s.note, (SELECT i.sku FROM item i WHERE i.item_id = s.item_id) AS sku
        FROM scan s
        WHERE (s.received_at, s.scan_id) < (@Time, @Id) AND (@State::smallint IS NULL OR s.state = @State)
            AND s.received_at >= @From AND s.received_at < @Before
        ORDER BY s.received_at DESC, s.scan_id DESC LIMIT @Limit
        """;

    /// <summary>The next, at most as many as the limit.</summary>
    internal static async Task<List<KeptScanRow>> ExecuteAsync(
        NpgsqlConnection connection,
        ScanListParameters parameters,
        CancellationToken cancellation
    )
    {
        var sql =
            parameters.DeviceId is not null ? DeviceSql
            : parameters.State == (short)ScanState.Quarantined ? QuarantineSql
            : AllSql;
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellation);
        return (await connection.QueryAsync<KeptScanRow>(command)).AsList();
    }
}

/// <summary>The parameters of all ways; each takes what it needs.</summary>
internal sealed record ScanListParameters
{
    public string? DeviceId { get; init; }

    public short? State { get; init; }

    /// <summary>UTC.</summary>
    public DateTime From { get; init; }

    /// <summary>UTC.</summary>
    public DateTime Before { get; init; }

    /// <summary>Where the list stands; UTC.</summary>
    public DateTime Time { get; init; }

    /// <summary>Of those of one time, the scan.</summary>
    public Guid Id { get; init; }

    /// <summary>Where the list of a device stands.</summary>
    public long Sequence { get; init; }

    public int Limit { get; init; }
}
