namespace Inventory.Engine.Warehouses;

/// <summary>
/// What became of a request to make a warehouse. Declared in the order they are checked. Append only; a number is never
/// used again.
/// </summary>
public enum CreateWarehouseOutcome
{
    /// <summary>It is there now.</summary>
    Created = 1,

    /// <summary>The same request made it before; it is shown as it was made.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>Another warehouse has the code.</summary>
    CodeTaken = 4,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Warehouse">
/// With <see cref="CreateWarehouseOutcome.Created"/> and <see cref="CreateWarehouseOutcome.Replayed"/>.
/// </param>
public sealed record CreateWarehouseAnswer(CreateWarehouseOutcome Outcome, Warehouse? Warehouse);
