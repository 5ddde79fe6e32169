namespace Inventory.Engine.Reservations;

/// <summary>
/// Rows on which something was refused of late, with what they had then: what would not fit on them is proved first,
/// by a read, and goes to the statement only if the proof says that it fits. A fixed number of slots; a row that
/// loses its slot costs one statement.
/// </summary>
internal sealed class KnownShortages : IShelf
{
    private const int SlotCount = 16_384;

    private readonly Slot?[] slots = new Slot?[SlotCount];

    private sealed record Slot(long StockId, long Available);

    public long Available(long stockId)
    {
        var slot = Volatile.Read(ref slots[Index(stockId)]);
        return slot is not null && slot.StockId == stockId ? slot.Available : long.MaxValue / 2;
    }

    /// <summary>Remembers what the attempt's rows have.</summary>
    internal void Note(ReserveAttempt attempt, RefusalProof proof)
    {
        foreach (var demand in attempt.Demands)
        {
            foreach (var row in demand.Rows)
            {
                var available = proof.Available(row.StockId);
                var known = Volatile.Read(ref slots[Index(row.StockId)]);
                if (known is null || known.StockId != row.StockId || known.Available != available)
                {
                    Volatile.Write(ref slots[Index(row.StockId)], new Slot(row.StockId, available));
                }
            }
        }
    }

    /// <summary>Forgets the attempt's rows: they have more now.</summary>
    internal void Forget(ReserveAttempt attempt)
    {
        foreach (var demand in attempt.Demands)
        {
            foreach (var row in demand.Rows)
            {
                Volatile.Write(ref slots[Index(row.StockId)], null);
            }
        }
    }

    private static int Index(long stockId) => (int)((ulong)stockId % SlotCount);
}
