using System.Data;
using Npgsql;

namespace Inventory.Faults.Checking;

/// <summary>Reads the tables by plain SQL, without any code of the engine.</summary>
public static class TablesReader
{
    private const string Stock = """
        SELECT s.stock_id, i.sku, w.code, s.on_hand, s.reserved, s.damaged, s.quality_control, s.in_transit, s.safety_stock,
            s.available, s.version
        FROM stock s JOIN item i USING (item_id) JOIN warehouse w USING (warehouse_id)
        """;

    private const string Reservations = """
        SELECT reservation_id, caller, request_id, state::int, created_at, expires_at, ended_at, stock_ids, quantities,
            held, confirmed, returned
        FROM reservation
        """;

    private const string Journal = """
        SELECT position, xid::text::bigint, at, stock_id, version, document, coalesce(on_hand, 0), coalesce(reserved, 0),
            coalesce(damaged, 0), coalesce(quality_control, 0), coalesce(in_transit, 0), coalesce(safety_stock, 0), reason
        FROM journal WHERE stock_id IS NOT NULL
        """;

    /// <summary>One snapshot of all three.</summary>
    public static async Task<Tables> ReadAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        return new Tables(
            await ReadAsync(connection, Stock, ToStock),
            await ReadAsync(connection, Reservations, ToReservation),
            await ReadAsync(connection, Journal, ToJournal)
        );
    }

    private static async Task<List<TRow>> ReadAsync<TRow>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, TRow> convert
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<TRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(convert(reader));
        }

        return rows;
    }

    private static StockRow ToStock(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2))
        {
            OnHand = row.GetInt64(3),
            Reserved = row.GetInt64(4),
            Damaged = row.GetInt64(5),
            QualityControl = row.GetInt64(6),
            InTransit = row.GetInt64(7),
            SafetyStock = row.GetInt64(8),
            Available = row.GetInt64(9),
            Version = row.GetInt64(10),
        };

    private static ReservationRow ToReservation(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetString(2))
        {
            State = row.GetInt32(3),
            CreatedAt = row.GetDateTime(4),
            ExpiresAt = row.GetDateTime(5),
            EndedAt = row.IsDBNull(6) ? null : row.GetDateTime(6),
            StockIds = row.GetFieldValue<long[]>(7),
            Quantities = row.GetFieldValue<long[]>(8),
            HeldParts = Longs(row, 9),
            ConfirmedParts = Longs(row, 10),
            Returned = Longs(row, 11),
        };

    private static long[]? Longs(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<long[]>(column);

    private static JournalRow ToJournal(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetDateTime(2), row.GetInt64(3), row.GetInt64(4))
        {
            Document = row.IsDBNull(5) ? null : row.GetGuid(5),
            OnHand = row.GetInt64(6),
            Reserved = row.GetInt64(7),
            Damaged = row.GetInt64(8),
            QualityControl = row.GetInt64(9),
            InTransit = row.GetInt64(10),
            SafetyStock = row.GetInt64(11),
            Reason = row.IsDBNull(12) ? null : row.GetString(12),
        };
}
