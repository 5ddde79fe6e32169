namespace Inventory.Engine.Reservations.Waiting;

/// <summary>
/// Shares out goods among lines that wait, first come first served. Pure: the same queue before the same rows gives the
/// same claims.
/// </summary>
internal static class ShareOut
{
    /// <summary>
    /// What a line lacks is claimed at each row that may serve it. That keeps nothing from those behind it that they
    /// could have: it lacks something only when these rows have nothing left.
    /// </summary>
    /// <param name="rows">All rows of the lines' items, in the order of priority.</param>
    /// <param name="lines">In the order in which they are served.</param>
    internal static List<WaitingClaim> Among(IReadOnlyList<WaitingRow> rows, IEnumerable<WaitingLine> lines)
    {
        var claims = new List<WaitingClaim>();
        var byItem = Enumerable.Range(0, rows.Count).ToLookup(at => rows[at].ItemId);
        var left = rows.Select(r => r.IsOpen ? Math.Max(0, r.Free) : 0).ToArray();
        foreach (var line in lines)
        {
            int[] serving = [.. byItem[line.ItemId].Where(at => Serves(rows[at], line))];
            var taken = Take(line, serving, left);
            var lacking = line.Quantity - taken.Sum();
            for (var i = 0; i < serving.Length; i++)
            {
                if (taken[i] + lacking > 0)
                {
                    claims.Add(new(line.Place, line.Line, rows[serving[i]].StockId, taken[i], taken[i] + lacking));
                }
            }
        }

        return claims;
    }

    // A warehouse that a line names may be closed for a while; where it is free to choose, it waits elsewhere.
    private static bool Serves(WaitingRow row, WaitingLine line) =>
        line.WarehouseId is { } named ? row.WarehouseId == named : row.IsOpen;

    private static long[] Take(WaitingLine line, int[] serving, long[] left)
    {
        var taken = new long[serving.Length];
        var missing = line.Quantity;
        foreach (var i in Order(line, Array.ConvertAll(serving, at => left[at])))
        {
            taken[i] = Math.Min(left[serving[i]], missing);
            left[serving[i]] -= taken[i];
            missing -= taken[i];
        }

        return taken;
    }

    // An order that waits gets its lines one by one, as goods come, so the fewest splits are those of a line.
    private static IEnumerable<int> Order(WaitingLine line, long[] left)
    {
        var byPriority = Enumerable.Range(0, left.Length);
        return line.Source switch
        {
            ReserveSource.HighestStock => byPriority.OrderByDescending(i => left[i]),
            ReserveSource.FewestSplits => Cover.Find(Array.ConvertAll(left, l => new[] { l }), [line.Quantity])
                ?? byPriority,
            ReserveSource.Priority => byPriority,
        };
    }
}
