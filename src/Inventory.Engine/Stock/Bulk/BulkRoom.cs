namespace Inventory.Engine.Stock.Bulk;

/// <summary>How many rows may wait in memory, in a call and in all calls of a server together.</summary>
/// <param name="rowsMax">In one call.</param>
internal sealed class BulkRoom(int rowsMax)
{
    /// <summary>So many of the largest calls fit at once.</summary>
    private const int CallsMax = 4;

    /// <summary>Room for calls of few rows, however small the largest may be.</summary>
    private const int RowsMin = 100_000;

    private readonly int sum = (int)Math.Max(Math.Min((long)rowsMax * CallsMax, int.MaxValue / 2), RowsMin);
    private int taken;

    internal int RowsMax => rowsMax;

    internal bool TryTake(int rows)
    {
        if (Interlocked.Add(ref taken, rows) <= sum)
        {
            return true;
        }

        Interlocked.Add(ref taken, -rows);
        return false;
    }

    internal void GiveBack(int rows) => Interlocked.Add(ref taken, -rows);
}
