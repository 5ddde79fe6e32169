using System.Globalization;
using Inventory.Engine.Replenishment;
using Inventory.Server.Services;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of a policy, a reorder or a forecast means to a caller. Null is OK.</summary>
internal static class ReplenishmentErrors
{
    private const string PolicyType = "reorder policy";
    private const string ReorderType = "reorder";

    public static ApiError? Of(PolicyOutcome outcome, string requestId, string sku, string warehouse, long version) =>
        outcome switch
        {
            PolicyOutcome.Done or PolicyOutcome.Replayed => null,
            PolicyOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            PolicyOutcome.SkuUnknown => CommonErrors.SkuUnknown(sku),
            PolicyOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(warehouse),
            PolicyOutcome.ItemIsKit => CommonErrors.Precondition(
                Reasons.ItemIsKit,
                sku,
                "is a kit, which has no stock of its own: reorder its parts"
            ),
            PolicyOutcome.PolicyUnknown => CommonErrors.NotFound(
                Reasons.PolicyUnknown,
                PolicyType,
                $"{sku}@{warehouse}"
            ),
            PolicyOutcome.VersionConflict => CommonErrors.VersionConflict(
                $"The reorder policy of {sku}@{warehouse}",
                version
            ),
            PolicyOutcome.AmountsMissing => CommonErrors.Precondition(
                Reasons.ReorderAmountsMissing,
                sku,
                "has no reorder_point and reorder_quantity of its own, and the policy gives none"
            ),
        };

    public static ApiError? Of(ListReordersOutcome outcome, string sku, string warehouse) =>
        outcome switch
        {
            ListReordersOutcome.Listed => null,
            ListReordersOutcome.SkuUnknown => CommonErrors.SkuUnknown(sku),
            ListReordersOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(warehouse),
            ListReordersOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(ForecastOutcome outcome, string sku, string warehouse) =>
        outcome switch
        {
            ForecastOutcome.Done => null,
            ForecastOutcome.SkuUnknown => CommonErrors.SkuUnknown(sku),
            ForecastOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(warehouse),
        };

    public static ApiError? Of(ReorderAnswer answer, ReorderStep step)
    {
        var subject = $"Reorder {step.ReorderId}";
        return answer.Outcome switch
        {
            ReorderOutcome.Done or ReorderOutcome.Replayed => null,
            ReorderOutcome.RequestIdReused => CommonErrors.RequestIdReused(step.RequestId),
            ReorderOutcome.ReorderUnknown => NotFound($"{step.ReorderId}"),
            ReorderOutcome.VersionConflict => CommonErrors.VersionConflict(subject, answer.Reorder!.Version),
            ReorderOutcome.OtherState => OtherState(subject, answer.Reorder!),
            ReorderOutcome.Excess => CommonErrors.Precondition(
                Reasons.ReorderQuantity,
                subject,
                $"has {answer.Reorder!.Outstanding} outstanding, and {step.Quantity} are to be received; allow_excess"
                    + " takes them in",
                Amount("requested", step.Quantity!.Value),
                Amount("outstanding", answer.Reorder.Outstanding)
            ),
            ReorderOutcome.PlaceGone => CommonErrors.NotFound(
                Reasons.StockUnknown,
                CommonErrors.InventoryType,
                $"{answer.Reorder!.Sku}@{answer.Reorder.Warehouse}"
            ),
            ReorderOutcome.TooMuch => CommonErrors.Precondition(
                Reasons.OnHandLimit,
                subject,
                "would bring a warehouse more than can be counted, 2^53 - 1"
            ),
        };
    }

    public static ApiError NotFound(string reorderId) =>
        CommonErrors.NotFound(Reasons.ReorderUnknown, ReorderType, reorderId);

    private static ApiError OtherState(string subject, Reorder reorder)
    {
        var state = ReplenishmentMessages.NameOf(reorder.State);
        return CommonErrors.Precondition(
            Reasons.ReorderState,
            subject,
            reorder.Received > 0 ? $"is {state}, and {reorder.Received} have come" : $"is {state}",
            KeyValuePair.Create("state", state),
            Amount("received", reorder.Received)
        );
    }

    private static KeyValuePair<string, string> Amount(string name, long amount) =>
        KeyValuePair.Create(name, amount.ToString(CultureInfo.InvariantCulture));
}
