using Inventory.Engine.Scans;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of a scan means to a caller. Null is OK.</summary>
internal static class ScanErrors
{
    private const string ScanType = "scan";

    public static ApiError? Of(ListScansAnswer answer) =>
        answer.Outcome switch
        {
            ListScansOutcome.Listed => null,
            ListScansOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(SettleScanAnswer answer, ScanSettlement request) =>
        answer.Outcome switch
        {
            SettleScanOutcome.Done or SettleScanOutcome.Replayed => null,
            SettleScanOutcome.ScanUnknown => CommonErrors.NotFound(Reasons.ScanUnknown, ScanType, $"{request.ScanId}"),
            SettleScanOutcome.SkuUnknown => CommonErrors.SkuUnknown(request.Sku!),
            SettleScanOutcome.OtherState => OtherState(answer.Scan!),
        };

    private static ApiError OtherState(KeptScan scan)
    {
        var state = Name(scan.State);
        return CommonErrors.Precondition(
            Reasons.ScanState,
            $"Scan {scan.ScanId}",
            $"is {state}",
            new KeyValuePair<string, string>("state", state)
        );
    }

    private static string Name(ScanState state) =>
        state switch
        {
            ScanState.Accepted => "ACCEPTED",
            ScanState.Quarantined => "QUARANTINED",
            ScanState.Repeated => "REPEATED",
            ScanState.Dismissed => "DISMISSED",
        };
}
