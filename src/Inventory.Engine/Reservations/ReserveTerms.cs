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
            Lines = [.. attempt.Demands.GroupBy(d => d.LineAt).Select(l => TermLine.Of([.. l], attempt.Amount(l.Key)))],
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
        var left = allocations.ToArray();
        var shares = new Dictionary<string, List<Allocation>>(StringComparer.Ordinal);
        foreach (var line in Lines.OrderBy(l => l.Warehouse is null))
        {
            var share = shares.TryGetValue(line.Sku, out var known) ? known : shares[line.Sku] = [];
            foreach (var (sku, quantity) in line.Needs())
            {
                Take(sku, line.Warehouse, quantity, share);
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

        void Take(string sku, string? warehouse, long quantity, List<Allocation> share)
        {
            var missing = quantity;
            for (var i = 0; i < left.Length && missing > 0; i++)
            {
                if (left[i].Sku == sku && (warehouse ?? left[i].Warehouse) == left[i].Warehouse)
                {
                    var part = left[i].Part(Math.Min(missing, left[i].Quantity));
                    missing -= part.Quantity;
                    left[i] = left[i].Less(part);
                    Add(share, part);
                }
            }
        }
    }

    private static void Add(List<Allocation> share, Allocation part)
    {
        var at = share.FindIndex(a => a.Sku == part.Sku && a.Warehouse == part.Warehouse);
        if (at >= 0)
        {
            share[at] = share[at].Plus(part);
        }
        else if (part.Quantity > 0)
        {
            share.Add(part);
        }
    }
}
