using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>What a verification finds wrong, as messages.</summary>
internal static class ViolationMessages
{
    public static StockViolation ToWire(VerifyViolation violation) =>
        new()
        {
            // Both are numbered alike, and a test holds them to it.
            Invariant = (V1.StockInvariant)violation.Invariant,
            InventoryId = violation.StockId is { } id ? PublicId.Stock(id) : "",
            Sku = violation.Sku ?? "",
            Warehouse = violation.Warehouse ?? "",
            ReservationId = violation.ReservationId?.ToString() ?? "",
            TransferId = violation.TransferId?.ToString() ?? "",
            Expected = violation.Expected,
            Actual = violation.Actual,
        };
}
