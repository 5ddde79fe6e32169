using Inventory.Engine.Alerts;
using Inventory.Engine.Database;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of alerts and their thresholds means to a caller. Null is OK.</summary>
internal static class AlertErrors
{
    private const string AlertType = "alert";

    public static ApiError? Of(AlertStepAnswer answer, AlertStep step) =>
        answer.Outcome switch
        {
            AlertStepOutcome.Done or AlertStepOutcome.Replayed => null,
            AlertStepOutcome.RequestIdReused => CommonErrors.RequestIdReused(step.RequestId),
            AlertStepOutcome.AlertUnknown => CommonErrors.NotFound(
                Reasons.AlertUnknown,
                AlertType,
                PublicId.Alert(step.AlertId)
            ),
            AlertStepOutcome.AlertResolved => CommonErrors.Precondition(
                Reasons.AlertResolved,
                PublicId.Alert(step.AlertId),
                "is over"
            ),
        };

    public static ApiError? Of(SetThresholdOutcome outcome, ThresholdEdit edit) =>
        outcome switch
        {
            SetThresholdOutcome.Set or SetThresholdOutcome.Replayed => null,
            SetThresholdOutcome.RequestIdReused => CommonErrors.RequestIdReused(edit.RequestId),
            SetThresholdOutcome.SkuUnknown => CommonErrors.SkuUnknown(edit.Sku!),
            SetThresholdOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(edit.Warehouse!),
            SetThresholdOutcome.ItemIsKit => CommonErrors.Precondition(
                Reasons.ItemIsKit,
                edit.Sku!,
                "is a kit, which has no stock of its own: set thresholds of what it is made of"
            ),
        };

    public static ApiError? Of(ListAlertsAnswer answer) =>
        answer.Outcome switch
        {
            ListAlertsOutcome.Listed => null,
            ListAlertsOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };
}
