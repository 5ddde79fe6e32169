using System.Globalization;
using Inventory.Engine.Warehouses;
using Inventory.Server.Validation;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of an edit, an end and a list of warehouses means to a caller. Null is OK.</summary>
internal static class WarehouseErrors
{
    public static ApiError? Of(UpdateWarehouseAnswer answer, WarehouseEdit edit) =>
        answer.Outcome switch
        {
            UpdateWarehouseOutcome.Updated or UpdateWarehouseOutcome.Replayed => null,
            UpdateWarehouseOutcome.RequestIdReused => CommonErrors.RequestIdReused(edit.RequestId),
            UpdateWarehouseOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(edit.Warehouse),
            UpdateWarehouseOutcome.VersionConflict => CommonErrors.VersionConflict(edit.Warehouse, answer.Revision),
        };

    public static ApiError? Of(DeleteWarehouseAnswer answer, WarehouseDeletion request) =>
        answer.Outcome switch
        {
            DeleteWarehouseOutcome.Deleted or DeleteWarehouseOutcome.Replayed => null,
            DeleteWarehouseOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            DeleteWarehouseOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(request.Warehouse),
            DeleteWarehouseOutcome.VersionConflict => CommonErrors.VersionConflict(request.Warehouse, answer.Revision),
            DeleteWarehouseOutcome.StockRemains => StockRemains(
                request.Warehouse,
                "make it inactive instead",
                answer.Rows,
                answer.OnHand,
                answer.Reserved,
                answer.InTransit
            ),
        };

    public static ApiError? Of(ListWarehousesAnswer answer) =>
        answer.Outcome switch
        {
            ListWarehousesOutcome.Listed => null,
            ListWarehousesOutcome.PageTokenInvalid => PageTokenInvalid(),
        };

    /// <summary>What can't go because stock would go with it, with the sums of what is in the way.</summary>
    public static ApiError StockRemains(
        string subject,
        string instead,
        long rows,
        long onHand,
        long reserved,
        long inTransit
    ) =>
        CommonErrors.Precondition(
            Reasons.StockRemains,
            subject,
            $"has {onHand} on hand, {reserved} of them reserved, and {inTransit} in transit: {instead}",
            KeyValuePair.Create("stock_rows", rows.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("on_hand", onHand.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("reserved", reserved.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("in_transit", inTransit.ToString(CultureInfo.InvariantCulture))
        );

    public static ApiError? PageTokenInvalid()
    {
        var violations = new Violations();
        violations.Add("page_token", PageRules.BadToken);
        return violations.Error;
    }
}
