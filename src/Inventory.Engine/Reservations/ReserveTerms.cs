using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inventory.Engine.Reservations;

/// <summary>
/// What was asked, and how much of each line is held: kept with a reservation whose allocation does not say it. It has
/// all that it takes to judge the request again. Stored as JSON, so names and numbers are stable for ever.
/// </summary>
internal sealed record ReserveTerms
{
    private static readonly JsonSerializerOptions Stored = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public ReserveSource Source { get; init; }

    public ReserveFill Fill { get; init; }

    public int HoldMs { get; init; }

    public IReadOnlyList<TermLine> Lines { get; init; } = [];

    internal static ReserveTerms Of(ReserveAttempt attempt) =>
        new()
        {
            Source = attempt.Request.Source,
            Fill = attempt.Request.Fill,
            HoldMs = attempt.Request.HoldMs,
            Lines = [.. attempt.Demands.Select(d => TermLine.Of(d, attempt.Amount(d.LineAt)))],
        };

    internal static ReserveTerms Parse(string stored) => JsonSerializer.Deserialize<ReserveTerms>(stored, Stored)!;

    internal string ToJson() => JsonSerializer.Serialize(this, Stored);

    /// <summary>
    /// The lines as they are shown, one for each SKU. The rows of the reservation say how much comes from where, in
    /// all; here each line gets its share: first those that name their warehouse, then the others, in their order.
    /// </summary>
    /// <param name="allocations">All of the reservation, one element a stock row.</param>
    internal IReadOnlyList<ReservationLine> Show(IReadOnlyList<Allocation> allocations)
    {
        var left = allocations.Select(a => a.Quantity).ToArray();
        var shares = new Dictionary<string, List<Allocation>>(StringComparer.Ordinal);
        foreach (var line in Lines.OrderBy(l => l.Warehouse is null))
        {
            var share = shares.TryGetValue(line.Sku, out var known) ? known : shares[line.Sku] = [];
            var missing = line.Held;
            for (var i = 0; i < left.Length && missing > 0; i++)
            {
                if (
                    allocations[i].Sku == line.Sku
                    && (line.Warehouse ?? allocations[i].Warehouse) == allocations[i].Warehouse
                )
                {
                    var part = Math.Min(missing, left[i]);
                    missing -= part;
                    left[i] -= part;
                    Add(share, allocations[i], part);
                }
            }
        }

        return
        [
            .. Lines
                .GroupBy(l => l.Sku)
                .Select(g => new ReservationLine(
                    g.Key,
                    g.Sum(l => l.Quantity),
                    g.Sum(l => l.Quantity - l.Held),
                    shares[g.Key]
                )),
        ];
    }

    private static void Add(List<Allocation> share, Allocation allocation, long quantity)
    {
        var at = share.FindIndex(a => a.Sku == allocation.Sku && a.Warehouse == allocation.Warehouse);
        if (at >= 0)
        {
            share[at] = share[at] with { Quantity = share[at].Quantity + quantity };
        }
        else if (quantity > 0)
        {
            share.Add(allocation with { Quantity = quantity });
        }
    }
}
