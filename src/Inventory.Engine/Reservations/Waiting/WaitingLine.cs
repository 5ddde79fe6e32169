namespace Inventory.Engine.Reservations.Waiting;

/// <summary>What a line of a reservation waits for.</summary>
/// <param name="Place">The reservation's place among all who wait: the lower came first.</param>
/// <param name="Line">Its number within the reservation; those that name their warehouse come first.</param>
/// <param name="ItemId">The item.</param>
/// <param name="WarehouseId">Where it is to come from; none: anywhere.</param>
/// <param name="Source">How to choose, where there is a choice.</param>
/// <param name="Quantity">How much.</param>
internal sealed record WaitingLine(
    long Place,
    short Line,
    long ItemId,
    int? WarehouseId,
    ReserveSource Source,
    long Quantity
);

/// <summary>What a line keeps from those behind it at one stock row.</summary>
/// <param name="Place">The line's.</param>
/// <param name="Line">The line's.</param>
/// <param name="StockId">The row.</param>
/// <param name="Assigned">Goods that are there, and its own.</param>
/// <param name="Quantity">These, and what the line still lacks: it lacks it at every row that may serve it.</param>
internal readonly record struct WaitingClaim(long Place, short Line, long StockId, long Assigned, long Quantity);

/// <summary>A stock row at which lines may wait.</summary>
/// <param name="StockId">Its key.</param>
/// <param name="ItemId">Its item.</param>
/// <param name="WarehouseId">Its warehouse.</param>
/// <param name="IsOpen">Whether it serves new holds.</param>
/// <param name="Free">What is there for those who are shared out to; 0 or less: nothing.</param>
internal readonly record struct WaitingRow(long StockId, long ItemId, int WarehouseId, bool IsOpen, long Free);
