using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Transfers;
using Inventory.V1;
using EngineMode = Inventory.Engine.Transfers.TransferMode;
using EngineState = Inventory.Engine.Transfers.TransferState;
using EngineTransfer = Inventory.Engine.Transfers.Transfer;
using TransferMode = Inventory.V1.TransferMode;
using TransferState = Inventory.V1.TransferState;

namespace Inventory.Server.Services;

/// <summary>Transfers between the wire and the engine.</summary>
internal static class TransferMessages
{
    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static NewTransfer ToEngine(CreateTransferRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Sku = request.Sku,
            ProductId = StockMessages.NullIfEmpty(request.ProductId),
            From = request.FromWarehouseId,
            To = request.ToWarehouseId,
            Quantity = request.Quantity,
            Mode = request.Mode switch
            {
                TransferMode.Unspecified or TransferMode.Immediate => EngineMode.Immediate,
                TransferMode.Shipped => EngineMode.Shipped,
                TransferMode.Planned => EngineMode.Planned,
            },
            Reason = Reason(request.Reason, request.Note),
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static TransferStep ToEngine(ShipTransferRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            TransferId = Guid.Parse(request.TransferId),
            Kind = TransferStepKind.Ship,
            ExpectedVersion = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = Reason(request.Reason, request.Note),
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static TransferStep ToEngine(ReceiveTransferRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            TransferId = Guid.Parse(request.TransferId),
            Kind = TransferStepKind.Receive,
            Quantity = request.HasQuantity ? request.Quantity : null,
            LosesRest = request.LoseRest,
            ExpectedVersion = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = Reason(request.Reason, request.Note),
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static TransferStep ToEngine(CancelTransferRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            TransferId = Guid.Parse(request.TransferId),
            Kind = TransferStepKind.Cancel,
            ExpectedVersion = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason = Reason(request.Reason, request.Note),
        };

    /// <param name="request">Valid.</param>
    public static TransferFilter ToEngine(ListTransfersRequest request) =>
        new()
        {
            State = request.State switch
            {
                TransferState.Unspecified => null,
                TransferState.Pending => EngineState.Pending,
                TransferState.InTransit => EngineState.InTransit,
                TransferState.Completed => EngineState.Completed,
                TransferState.Cancelled => EngineState.Cancelled,
            },
            Sku = StockMessages.NullIfEmpty(request.Sku),
            Warehouse = StockMessages.NullIfEmpty(request.WarehouseId),
        };

    public static V1.Transfer ToWire(EngineTransfer transfer) =>
        new()
        {
            TransferId = $"{transfer.TransferId}",
            Sku = transfer.Sku,
            FromWarehouse = transfer.FromWarehouse,
            ToWarehouse = transfer.ToWarehouse,
            State = ToWire(transfer.State),
            Quantity = transfer.Quantity,
            InTransit = transfer.InTransit,
            Received = transfer.Received,
            Lost = transfer.Lost,
            Returned = transfer.Returned,
            Version = transfer.Version,
            CreateTime = Timestamp.FromDateTime(transfer.CreatedAt),
            ShipTime = transfer.ShippedAt is { } shipped ? Timestamp.FromDateTime(shipped) : null,
            EndTime = transfer.EndedAt is { } ended ? Timestamp.FromDateTime(ended) : null,
            Reason = transfer.Reason ?? "",
            RequestId = transfer.RequestId,
            Caller = transfer.Caller,
        };

    /// <summary>As the API spells it.</summary>
    public static string NameOf(EngineState state) =>
        state switch
        {
            EngineState.Pending => "PENDING",
            EngineState.InTransit => "IN_TRANSIT",
            EngineState.Completed => "COMPLETED",
            EngineState.Cancelled => "CANCELLED",
        };

    private static TransferState ToWire(EngineState state) =>
        state switch
        {
            EngineState.Pending => TransferState.Pending,
            EngineState.InTransit => TransferState.InTransit,
            EngineState.Completed => TransferState.Completed,
            EngineState.Cancelled => TransferState.Cancelled,
        };

    /// <summary>What the journal keeps: the code, and the note behind a colon.</summary>
    private static string? Reason(string reason, string note) =>
        reason.Length == 0 ? null
        : note.Length == 0 ? reason
        : $"{reason}: {note}";
}
