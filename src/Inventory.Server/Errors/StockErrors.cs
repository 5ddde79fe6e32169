using System.Globalization;
using Inventory.Engine.Stock;
using Inventory.Server.Validation;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of an edit of stock means to a caller. Null is OK.</summary>
internal static class StockErrors
{
    public static ApiError? Of(EditAnswer answer, StockEdit edit) =>
        Of(answer, edit.Target, edit.RequestId, edit.State);

    public static ApiError? Of(
        EditAnswer answer,
        StockTarget target,
        string requestId,
        StockState state = StockState.Available
    ) =>
        answer.Outcome switch
        {
            EditOutcome.Edited or EditOutcome.Replayed => null,
            EditOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            EditOutcome.SkuUnknown => CommonErrors.SkuUnknown(target.ProductId ?? target.Sku),
            EditOutcome.SeveralVariants => SeveralVariants(),
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
            EditOutcome.StockShort => Short(answer.Stock!, state),
            EditOutcome.TooMuch => CommonErrors.Precondition(
                Reasons.OnHandLimit,
                Subject(answer.Stock, target),
                "would have more on hand than can be counted, 2^53 - 1"
            ),
            EditOutcome.Overloaded => Faults.Overloaded,
            EditOutcome.ItemIsKit => CommonErrors.Precondition(
                Reasons.ItemIsKit,
                Subject(answer.Stock, target),
                "is a kit, which has no stock of its own: its parts have"
            ),
        };

    public static ApiError? Of(DeleteStockAnswer answer, StockDeletion request) =>
        answer.Outcome switch
        {
            DeleteStockOutcome.Deleted or DeleteStockOutcome.Replayed => null,
            DeleteStockOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            DeleteStockOutcome.SkuUnknown => CommonErrors.SkuUnknown(request.Target.Sku),
            DeleteStockOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(request.Target.Warehouse),
            DeleteStockOutcome.StockUnknown => NotFound(request.Target),
            DeleteStockOutcome.VersionConflict => CommonErrors.VersionConflict(
                Subject(null, request.Target),
                answer.Revision
            ),
            DeleteStockOutcome.StockRemains => WarehouseErrors.StockRemains(
                Subject(null, request.Target),
                "it goes when nothing is left",
                1,
                answer.OnHand,
                answer.Reserved,
                answer.InTransit
            ),
        };

    public static ApiError? Of(OverallAnswer answer, StockItems items, string warehouse) =>
        answer.Outcome switch
        {
            OverallOutcome.Found => null,
            OverallOutcome.ItemUnknown => ItemUnknown(items),
            OverallOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(warehouse),
        };

    public static ApiError? Of(ListStockAnswer answer, StockFilter filter) =>
        answer.Outcome switch
        {
            ListStockOutcome.Listed => null,
            ListStockOutcome.ItemUnknown => ItemUnknown(filter.Items!),
            ListStockOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(answer.Unknown!),
            ListStockOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError NotFound(StockTarget target) =>
        CommonErrors.NotFound(Reasons.StockUnknown, CommonErrors.InventoryType, Subject(null, target));

    /// <summary>Which variant is meant, where an edit is of one.</summary>
    public static ApiError? SeveralVariants()
    {
        var violations = new Violations();
        violations.Add("product_id", Problem.Conflict("has several variants: name one by its sku"));
        return violations.Error;
    }

    private static ApiError ItemUnknown(StockItems items) =>
        items.IsProduct
            ? CommonErrors.NotFound(Reasons.ItemUnknown, CommonErrors.ItemType, items.Name)
            : CommonErrors.SkuUnknown(items.Name);

    private static ApiError Short(StockRecord stock, StockState state)
    {
        var free = stock.OnHand - stock.Reserved - stock.Damaged - stock.QualityControl;
        var (amount, which) = state switch
        {
            StockState.Available => (free, "that are not reserved, damaged or in quality control"),
            StockState.Damaged => (stock.Damaged, "that are damaged"),
            StockState.QualityControl => (stock.QualityControl, "in quality control"),
        };
        return CommonErrors.Precondition(
            Reasons.InsufficientStock,
            Subject(stock),
            $"has {amount} {which}",
            Amount("removable", amount),
            Amount("on_hand", stock.OnHand),
            Amount("reserved", stock.Reserved),
            Amount("damaged", stock.Damaged),
            Amount("quality_control", stock.QualityControl)
        );
    }

    private static KeyValuePair<string, string> Amount(string name, long amount) =>
        KeyValuePair.Create(name, amount.ToString(CultureInfo.InvariantCulture));

    private static string Subject(StockRecord stock) => $"{stock.Sku}@{stock.Warehouse}";

    private static string Subject(StockRecord? stock, StockTarget target) =>
        stock is not null ? Subject(stock)
        : target.StockId is { } id ? Engine.Database.PublicId.Stock(id)
        : $"{target.ProductId ?? target.Sku}@{target.Warehouse}";
}
