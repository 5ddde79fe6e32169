using System.Globalization;
using Inventory.Engine.Stock;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of an edit of stock means to a caller. Null is OK.</summary>
internal static class StockErrors
{
    public static ApiError? Of(EditAnswer answer, StockEdit edit) => Of(answer, edit.Target, edit.RequestId);

    public static ApiError? Of(EditAnswer answer, StockTarget target, string requestId) =>
        answer.Outcome switch
        {
            EditOutcome.Edited or EditOutcome.Replayed => null,
            EditOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            EditOutcome.SkuUnknown => CommonErrors.SkuUnknown(target.Sku),
            EditOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(target.Warehouse),
            EditOutcome.StockUnknown => NotFound(target),
            EditOutcome.VersionConflict => CommonErrors.VersionConflict(Subject(answer.Stock!), answer.Stock!.Revision),
            EditOutcome.ItemDiscontinued => CommonErrors.Precondition(
                Reasons.ItemDiscontinued,
                Subject(answer.Stock, target),
                "is no longer sold, and nothing is added to it"
            ),
            EditOutcome.WarehouseInactive => CommonErrors.Precondition(
                Reasons.WarehouseInactive,
                Subject(answer.Stock, target),
                "is at an inactive warehouse, which takes nothing in"
            ),
            EditOutcome.StockShort => Short(answer.Stock!),
            EditOutcome.TooMuch => CommonErrors.Precondition(
                Reasons.OnHandLimit,
                Subject(answer.Stock, target),
                "would have more on hand than can be counted, 2^53 - 1"
            ),
            EditOutcome.Overloaded => Faults.Overloaded,
        };

    public static ApiError NotFound(StockTarget target) =>
        CommonErrors.NotFound(Reasons.StockUnknown, CommonErrors.InventoryType, Subject(null, target));

    private static ApiError Short(StockRecord stock)
    {
        var free = stock.OnHand - stock.Reserved - stock.Damaged - stock.QualityControl;
        var amount = free.ToString(CultureInfo.InvariantCulture);
        return CommonErrors.Precondition(
            Reasons.InsufficientStock,
            Subject(stock),
            $"has {amount} that are not reserved, damaged or in quality control",
            KeyValuePair.Create("removable", amount)
        );
    }

    private static string Subject(StockRecord stock) => $"{stock.Sku}@{stock.Warehouse}";

    private static string Subject(StockRecord? stock, StockTarget target) =>
        stock is not null ? Subject(stock)
        : target.StockId is { } id ? Engine.Database.PublicId.Stock(id)
        : $"{target.Sku}@{target.Warehouse}";
}
