using System.Globalization;
using Inventory.Engine.Database;
using Inventory.Engine.Integrity;

namespace Inventory.Server.Errors;

/// <summary>
/// What it means to a caller that findings could not be listed or a stock row not mended. Null is OK.
/// </summary>
internal static class IntegrityErrors
{
    public static ApiError? Of(FindingsPage page, long verificationId) =>
        page.Outcome switch
        {
            FindingsOutcome.Listed => null,
            FindingsOutcome.VerificationUnknown => CommonErrors.NotFound(
                Reasons.VerificationUnknown,
                "verification",
                verificationId.ToString(CultureInfo.InvariantCulture)
            ),
            FindingsOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(RepairAnswer answer, StockRepair request) =>
        answer.Outcome switch
        {
            RepairOutcome.Repaired or RepairOutcome.Replayed or RepairOutcome.Sound => null,
            RepairOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            RepairOutcome.StockUnknown => CommonErrors.NotFound(
                Reasons.StockUnknown,
                CommonErrors.InventoryType,
                Subject(request)
            ),
            RepairOutcome.Impossible => Contradiction(answer.True!, request),
        };

    private static ApiError Contradiction(RepairedLevels levels, StockRepair request) =>
        CommonErrors.Precondition(
            Reasons.LevelsContradict,
            Subject(request),
            $"has {levels.OnHand} on hand by the journal, less than holds, damaged and quality control take",
            Amount("on_hand", levels.OnHand),
            Amount("reserved", levels.Reserved),
            Amount("damaged", levels.Damaged),
            Amount("quality_control", levels.QualityControl)
        );

    private static KeyValuePair<string, string> Amount(string name, long amount) =>
        KeyValuePair.Create(name, amount.ToString(CultureInfo.InvariantCulture));

    private static string Subject(StockRepair request) =>
        request.StockId is { } id ? PublicId.Stock(id) : $"{request.Sku}@{request.Warehouse}";
}
