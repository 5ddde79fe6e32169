using Inventory.Engine.Transfers;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of TransferService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class TransferRules
{
    public static readonly Problem SameWarehouse = Problem.Conflict("is the source: a transfer goes to another");

    public static ApiError? Check(CreateTransferRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        StockRules.CheckEither("sku", request.Sku, "product_id", request.ProductId, ref violations);
        violations.Add("from_warehouse_id", TextRules.Key(request.FromWarehouseId));
        violations.Add(
            "to_warehouse_id",
            TextRules.Key(request.ToWarehouseId)
                ?? (request.ToWarehouseId == request.FromWarehouseId ? SameWarehouse : null)
        );
        violations.Add("quantity", NumberRules.Quantity(request.Quantity));
        violations.Add("mode", Enum.IsDefined(request.Mode) ? null : Problem.UnknownValue);
        StockRules.CheckReason(request.Reason, request.Note, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(ShipTransferRequest request)
    {
        var violations = new Violations();
        CheckStep(request.RequestId, request.TransferId, ref violations);
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        StockRules.CheckReason(request.Reason, request.Note, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(ReceiveTransferRequest request)
    {
        var violations = new Violations();
        CheckStep(request.RequestId, request.TransferId, ref violations);
        violations.Add("quantity", Received(request));
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        violations.Add("reason", request.LoseRest && request.Reason.Length == 0 ? Problem.Required : null);
        StockRules.CheckReason(request.Reason, request.Note, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(CancelTransferRequest request)
    {
        var violations = new Violations();
        CheckStep(request.RequestId, request.TransferId, ref violations);
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        StockRules.CheckReason(request.Reason, request.Note, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(GetTransferRequest request)
    {
        var violations = new Violations();
        violations.Add("transfer_id", TransferId(request.TransferId));
        return violations.Error;
    }

    public static ApiError? Check(ListTransfersRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListTransfers.PageSizeMax, request.PageToken, ref violations);
        violations.Add("state", Enum.IsDefined(request.State) ? null : Problem.UnknownValue);
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse_id", TextRules.Optional(request.WarehouseId, TextRules.KeyLengthMax));
        return violations.Error;
    }

    private static void CheckStep(string requestId, string transferId, ref Violations violations)
    {
        violations.Add("request_id", TextRules.OptionalRequestId(requestId));
        violations.Add("transfer_id", TransferId(transferId));
    }

    private static Problem? Received(ReceiveTransferRequest request) =>
        !request.HasQuantity ? null
        : request is { Quantity: 0, LoseRest: true } ? null
        : NumberRules.Quantity(request.Quantity);

    private static Problem? TransferId(string value) =>
        value.Length == 0 ? Problem.Required
        : Guid.TryParseExact(value, "D", out _) ? null
        : Problem.Format("an id that this server made: a UUID with hyphens");
}
