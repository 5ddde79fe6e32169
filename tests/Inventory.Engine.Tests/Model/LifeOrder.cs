using Inventory.Engine.Reservations;

namespace Inventory.Engine.Tests.Model;

/// <summary>An order's hold on two items, in plain numbers.</summary>
internal sealed class LifeOrder(long[] granted)
{
    public long[] Granted => granted;

    public long[] Open { get; } = [.. granted];

    public long[] Sold { get; } = [0, 0];

    public long[] Returned { get; } = [0, 0];

    public ReservationState State { get; set; } = ReservationState.Held;

    public bool IsLapsed { get; set; }

    public int Version { get; set; } = 1;

    public bool IsHeld => State == ReservationState.Held;

    public bool IsDue => IsHeld && IsLapsed;

    public bool IsLive => IsHeld && !IsLapsed;

    public ReservationState Seen => IsDue ? ReservationState.Expired : State;

    public bool Touches(IEnumerable<int> skus) => skus.Any(i => granted[i] > 0);

    public override string ToString()
    {
        var items = Enumerable.Range(0, 2).Where(i => granted[i] > 0).Select(Line);
        return $"{Seen} v{Version} {string.Join(", ", items)}";
    }

    private string Line(int sku)
    {
        var back = granted[sku] - Sold[sku] - (IsLive ? Open[sku] : 0);
        return $"{"AB"[sku]} {granted[sku]} sold {Sold[sku]} back {back} returned {Returned[sku]}";
    }
}
