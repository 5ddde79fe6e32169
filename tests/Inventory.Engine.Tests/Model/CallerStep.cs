using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;

namespace Inventory.Engine.Tests.Model;

/// <summary>
/// One thing that a caller does. Orders, edits, SKUs and warehouses are named by letters and numbers that each history
/// has of its own.
/// </summary>
public abstract record CallerStep;

/// <summary>A line of a request; without a warehouse, from any.</summary>
public readonly record struct StepLine(char Sku, int? Warehouse, long Quantity, long Least = 0)
{
    public override string ToString() =>
        $"{(Least > 0 ? $"{Least} to " : "")}{Quantity} {Sku}@{Warehouse?.ToString("d", null) ?? "any"}";
}

public sealed record ReserveStep(
    int Order,
    int HoldMs,
    ReserveSource Source,
    ReserveFill Fill,
    IReadOnlyList<StepLine> Lines
) : CallerStep
{
    public override string ToString() =>
        $"reserve {Order} [{string.Join(", ", Lines)}] for {HoldMs} ms by {Source}, {Fill}";
}

/// <summary>Sends again what the order asked last.</summary>
public sealed record RepeatStep(int Order) : CallerStep
{
    public override string ToString() => $"repeat {Order}";
}

public sealed record EndStep(int Order, ReservationState Target) : CallerStep
{
    public override string ToString() => $"{Target} {Order}";
}

/// <summary>Asks for an end of the hold that is later or earlier than it is by some minutes.</summary>
public sealed record ExtendStep(int Order, int Minutes) : CallerStep
{
    public override string ToString() => $"extend {Order} by {Minutes} minutes";
}

public sealed record GetStep(int Order) : CallerStep
{
    public override string ToString() => $"get {Order}";
}

/// <summary>The time of the hold has come.</summary>
public sealed record LapseStep(int Order) : CallerStep
{
    public override string ToString() => $"lapse {Order}";
}

public sealed record SweepStep : CallerStep
{
    public override string ToString() => "sweep";
}

/// <summary>A move is from available to damaged, and back where the quantity is negative.</summary>
public sealed record EditStep(int Edit, EditKind Kind, char Sku, int Warehouse, long Quantity) : CallerStep
{
    public override string ToString() => $"edit {Edit}: {Kind} {Quantity} {Sku}@{Warehouse}";
}
