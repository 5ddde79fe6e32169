using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Events;

/// <summary>Reads what events tell, by the positions of their rows in the journal.</summary>
public sealed class ReadEvents(Cell cell, StockDirectory directory)
{
    private const string Sql = """
        -- events.read
        SELECT j.position, j.at, j.stock_id, coalesce(j.version, 0) AS version, j.document, coalesce(j.on_hand, 0) AS on_hand,
            coalesce(j.reserved, 0) AS reserved, coalesce(j.damaged, 0) AS damaged, coalesce(j.quality_control, 0) AS quality_control,
            coalesce(j.in_transit, 0) AS in_transit, coalesce(j.safety_stock, 0) AS safety_stock, coalesce(j.waiting, 0) AS waiting,
            j.kind, j.actor, j.reason
        FROM journal j WHERE j.position = ANY (@Positions::bigint[])
        ORDER BY j.position
        """;

    private const string EraSql = """
        -- events.era
        SELECT era FROM cell
        """;

    /// <summary>The cell's era, which is a part of events' ids.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<long> EraAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(new CommandDefinition(EraSql, cancellationToken: cancellation));
    }

    /// <param name="positions">Of rows that have been read from the journal before.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>By position. What has left the journal since is not among them.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<ChangeEvent>> ExecuteAsync(
        IReadOnlyList<long> positions,
        CancellationToken cancellation
    )
    {
        await using var connection = await cell.Following.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(
            Sql,
            new { Positions = positions.ToArray() },
            cancellationToken: cancellation
        );
        var rows = (await connection.QueryAsync<Row>(command)).AsList();
        var owners = await directory.DescribeAsync(
            [.. rows.Where(r => r.StockId is not null).Select(r => r.StockId!.Value).Distinct()],
            cancellation
        );
        return [.. rows.Select(r => r.ToEvent(r.StockId is { } id ? owners.GetValueOrDefault(id) : null))];
    }

    private sealed class Row
    {
        public long Position { get; init; }

        public DateTime At { get; init; }

        public long? StockId { get; init; }

        public long Version { get; init; }

        public Guid? Document { get; init; }

        public long OnHand { get; init; }

        public long Reserved { get; init; }

        public long Damaged { get; init; }

        public long QualityControl { get; init; }

        public long InTransit { get; init; }

        public long SafetyStock { get; init; }

        public long Waiting { get; init; }

        public short Kind { get; init; }

        public string Actor { get; init; } = "";

        public string? Reason { get; init; }

        internal ChangeEvent ToEvent(StockOwner? owner) =>
            new()
            {
                Position = Position,
                At = At,
                StockId = StockId,
                Sku = owner?.Sku ?? "",
                Warehouse = owner?.Warehouse ?? "",
                Version = Version,
                Document = Document,
                Kind = (JournalKind)Kind,
                Change = new(OnHand, Reserved, Damaged, QualityControl, InTransit, SafetyStock, Waiting),
                Actor = Actor,
                Reason = Reason,
            };
    }
}
