using System.Globalization;
using Inventory.Engine.Transfers;
using Inventory.Server.Services;
using Inventory.Server.Validation;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of a transfer means to a caller. Null is OK.</summary>
internal static class TransferErrors
{
    private const string TransferType = "transfer";

    public static ApiError? Of(TransferAnswer answer, NewTransfer request)
    {
        var subject = $"{request.ProductId ?? request.Sku}@{request.From}";
        return Of(answer, request.RequestId, "", subject, request.To, request.Quantity);
    }

    public static ApiError? Of(TransferAnswer answer, TransferStep step)
    {
        var transfer = answer.Transfer;
        return Of(
            answer,
            step.RequestId,
            $"{step.TransferId}",
            $"{transfer?.Sku}@{transfer?.FromWarehouse}",
            transfer?.ToWarehouse ?? "",
            step.Quantity ?? transfer?.Quantity ?? 0
        );
    }

    public static ApiError NotFound(string transferId) =>
        CommonErrors.NotFound(Reasons.TransferUnknown, TransferType, transferId);

    public static ApiError? Of(ListTransfersAnswer answer, TransferFilter filter) =>
        answer.Outcome switch
        {
            ListTransfersOutcome.Listed => null,
            ListTransfersOutcome.SkuUnknown => CommonErrors.SkuUnknown(filter.Sku!),
            ListTransfersOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(filter.Warehouse!),
            ListTransfersOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    private static ApiError? Of(
        TransferAnswer answer,
        string requestId,
        string transferId,
        string source,
        string target,
        long quantity
    ) =>
        answer.Outcome switch
        {
            TransferOutcome.Done or TransferOutcome.Replayed => null,
            TransferOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            TransferOutcome.TransferUnknown => NotFound(transferId),
            TransferOutcome.ItemUnknown => CommonErrors.SkuUnknown(answer.Unknown!),
            TransferOutcome.SeveralVariants => StockErrors.SeveralVariants(),
            TransferOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(answer.Unknown!),
            TransferOutcome.SameWarehouse => SameWarehouse(),
            TransferOutcome.VersionConflict => CommonErrors.VersionConflict(
                $"Transfer {transferId}",
                answer.Transfer!.Version
            ),
            TransferOutcome.OtherState => OtherState(answer.Transfer!),
            TransferOutcome.WarehouseInactive => CommonErrors.Precondition(
                Reasons.WarehouseInactive,
                target,
                "is an inactive warehouse, which takes nothing in"
            ),
            TransferOutcome.TransitShort => TransitShort(answer.Transfer!, quantity),
            TransferOutcome.StockShort => CommonErrors.Precondition(
                Reasons.InsufficientStock,
                source,
                $"has {answer.Available} available, and {quantity} are to go",
                Amount("requested", quantity),
                Amount("available", answer.Available)
            ),
            TransferOutcome.TooMuch => CommonErrors.Precondition(
                Reasons.OnHandLimit,
                $"Transfer of {source}",
                "would bring a warehouse more than can be counted, 2^53 - 1"
            ),
        };

    private static ApiError? SameWarehouse()
    {
        var violations = new Violations();
        violations.Add("to_warehouse_id", TransferRules.SameWarehouse);
        return violations.Error;
    }

    private static ApiError OtherState(Transfer transfer)
    {
        var state = TransferMessages.NameOf(transfer.State);
        return CommonErrors.Precondition(
            Reasons.TransferState,
            $"Transfer {transfer.TransferId}",
            $"is {state}",
            KeyValuePair.Create("state", state)
        );
    }

    private static ApiError TransitShort(Transfer transfer, long quantity) =>
        CommonErrors.Precondition(
            Reasons.TransferQuantity,
            $"Transfer {transfer.TransferId}",
            $"has {transfer.InTransit} in transit, and {quantity} are to be received",
            Amount("requested", quantity),
            Amount("in_transit", transfer.InTransit)
        );

    private static KeyValuePair<string, string> Amount(string name, long amount) =>
        KeyValuePair.Create(name, amount.ToString(CultureInfo.InvariantCulture));
}
