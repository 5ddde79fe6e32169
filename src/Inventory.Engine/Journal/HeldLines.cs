namespace Inventory.Engine.Journal;

/// <summary>The sums of held lines, by stock row, read ahead from a sorted stream a piece at a time.</summary>
internal sealed class HeldLines(Func<Task<IEnumerable<HeldLine>>> fetch)
{
    private readonly Queue<HeldLine> ahead = new();
    private bool atEnd;

    /// <summary>Takes those of stock rows below an id.</summary>
    internal async ValueTask<IReadOnlyList<HeldLine>> BelowAsync(long stockId)
    {
        var taken = new List<HeldLine>();
        while (await AnyAsync() && ahead.Peek().StockId < stockId)
        {
            taken.Add(ahead.Dequeue());
        }

        return taken;
    }

    private async ValueTask<bool> AnyAsync()
    {
        if (ahead.Count == 0 && !atEnd)
        {
            foreach (var line in await fetch())
            {
                ahead.Enqueue(line);
            }

            atEnd = ahead.Count == 0;
        }

        return ahead.Count > 0;
    }
}

/// <param name="StockId">The row.</param>
/// <param name="Quantity">The sum of its held lines.</param>
internal readonly record struct HeldLine(long StockId, long Quantity);
