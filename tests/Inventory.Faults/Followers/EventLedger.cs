using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Inventory.Faults.Followers;

/// <summary>What a receiver of events has been told, each time that it was told it.</summary>
internal sealed class EventLedger
{
    private readonly ConcurrentQueue<Told> told = new();
    private readonly ConcurrentDictionary<long, bool> positions = new();

    /// <param name="Position">In the journal.</param>
    /// <param name="Stock">The public id of its stock row; empty if it moves no stock.</param>
    /// <param name="Version">Of the stock row.</param>
    private sealed record Told(long Position, string Stock, long Version);

    /// <summary>How many events, each counted once.</summary>
    public int Count => positions.Count;

    /// <summary>How often anything was told that had been told before.</summary>
    public int Repeats => told.Count - positions.Count;

    /// <param name="sent">An event as it came.</param>
    public void Note(JsonNode sent)
    {
        var data = sent["data"]!;
        var position = long.Parse($"{data["position"]}", CultureInfo.InvariantCulture);
        positions[position] = true;
        told.Enqueue(
            new(position, $"{data["inventoryId"]}", long.Parse($"{data["stockVersion"]}", CultureInfo.InvariantCulture))
        );
    }

    /// <summary>Whether all of them have come.</summary>
    public bool Has(IReadOnlyCollection<long> written) => written.All(positions.ContainsKey);

    /// <summary>What has not come, what was never written, and stock rows whose first times are out of order.</summary>
    public IEnumerable<string> Violations(IReadOnlyCollection<long> written)
    {
        var firsts = told.DistinctBy(t => t.Position).ToList();
        return
        [
            .. written.Except(positions.Keys).Select(p => $"position {p} has not come"),
            .. positions.Keys.Except(written).Select(p => $"position {p} came, and was never written"),
            .. firsts
                .Where(t => t.Stock.Length > 0)
                .GroupBy(t => t.Stock)
                .SelectMany(row => row.Zip(row.Skip(1)))
                .Where(pair => pair.Second.Version != pair.First.Version + 1)
                .Select(pair => $"{pair.Second.Stock}: {pair.First.Version} and then {pair.Second.Version}"),
        ];
    }
}
