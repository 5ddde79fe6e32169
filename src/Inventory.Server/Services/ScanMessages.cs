using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Scans;
using Inventory.V1;
using EngineScan = Inventory.Engine.Scans.KeptScan;
using EngineState = Inventory.Engine.Stock.StockState;
using KeptScan = Inventory.V1.KeptScan;
using ScanMeaning = Inventory.V1.ScanMeaning;
using ScanProblem = Inventory.V1.ScanProblem;
using ScanState = Inventory.V1.ScanState;
using StockState = Inventory.V1.StockState;

namespace Inventory.Server.Services;

/// <summary>Scans between the wire and the engine. States, meanings and problems are numbered alike.</summary>
internal static class ScanMessages
{
    public static ScanFilter ToEngine(ListScansRequest request) =>
        new()
        {
            DeviceId = StockMessages.NullIfEmpty(request.DeviceId),
            State = request.State == ScanState.Unspecified ? null : (Engine.Scans.ScanState)request.State,
            From = request.StartTime?.ToDateTime(),
            Before = request.EndTime?.ToDateTime(),
        };

    public static KeptScan ToWire(EngineScan kept)
    {
        var message = new KeptScan
        {
            ScanId = $"{kept.ScanId}",
            Scan = ToWire(kept.Scan),
            ReceiveTime = Timestamp.FromDateTime(kept.ReceivedAt),
            Caller = kept.Caller,
            State = (ScanState)kept.State,
            Problem = (ScanProblem)(kept.Problem ?? 0),
            Detail = kept.Detail ?? "",
            Sku = kept.Sku ?? "",
            SettleTime = kept.SettledAt is { } at ? Timestamp.FromDateTime(at) : null,
            SettledBy = kept.SettledBy ?? "",
            Note = kept.Note ?? "",
        };
        if (kept.Available is { } available)
        {
            message.Available = available;
        }

        return message;
    }

    private static Scan ToWire(NewScan scan) =>
        new()
        {
            DeviceId = scan.DeviceId,
            Sequence = scan.Sequence,
            ScanTime = scan.ScannedAt is { } at ? Timestamp.FromDateTime(at) : null,
            Identifier = scan.Identifier,
            Quantity = scan.Quantity,
            Warehouse = scan.Warehouse,
            ToWarehouse = scan.ToWarehouse ?? "",
            Meaning = (ScanMeaning)(scan.Meaning ?? 0),
            State = ToWire(scan.State),
            Reason = scan.Reason ?? "",
            Reference = scan.Reference ?? "",
        };

    private static StockState ToWire(EngineState state) =>
        state switch
        {
            EngineState.Available => StockState.Available,
            EngineState.Damaged => StockState.Damaged,
            EngineState.QualityControl => StockState.QualityControl,
        };
}
