using Google.Protobuf;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Server.Errors;
using Inventory.V1;
using static Inventory.Server.Services.StockMessages;
using BulkOnError = Inventory.Engine.Stock.Bulk.BulkOnError;
using BulkOutcome = Inventory.Engine.Stock.Bulk.BulkOutcome;

namespace Inventory.Server.Services;

/// <summary>Bulk updates between the wire and the engine.</summary>
internal static class BulkMessages
{
    public static BulkEdit Call(Actor caller, string requestId, V1.BulkOnError onError, bool everyRow) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(requestId),
            OnError = onError == V1.BulkOnError.Continue ? BulkOnError.Continue : BulkOnError.Abort,
            EveryRow = everyRow,
        };

    /// <summary>A row whose limits have been checked.</summary>
    public static BulkRow Sound(BulkUpdateRow row) =>
        new()
        {
            Target = Target(row.InventoryId, row.Sku, row.Warehouse),
            Kind = row.Mode switch
            {
                BulkMode.Set => EditKind.Set,
                BulkMode.Add => EditKind.Add,
                BulkMode.Remove => EditKind.Remove,
                BulkMode.Adjust => EditKind.Adjust,
                _ => throw new InvalidOperationException($"{row.Mode} has not been checked."),
            },
            Quantity = row.Quantity,
            ExpectedRevision = row.HasExpectedVersion ? row.ExpectedVersion : null,
            Reason = NullIfEmpty(row.Reason),
            Note = NullIfEmpty(row.Note),
        };

    /// <summary>A row that is malformed: its bytes stand for it.</summary>
    public static BulkRow Unsound(BulkUpdateRow row) => BulkRow.Wrong(Convert.ToBase64String(row.ToByteArray()));

    /// <summary>What keeps the call as a whole from having a result.</summary>
    public static ApiError? Refusal(BulkOutcome outcome, string requestId, int rowsMax) =>
        outcome switch
        {
            BulkOutcome.Applied or BulkOutcome.WithRefusals or BulkOutcome.Aborted => null,
            BulkOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            BulkOutcome.Overloaded => Faults.Overloaded,
            BulkOutcome.TooManyRows => Validation.BulkRules.TooMany(rowsMax),
        };

    public static V1.BulkOutcome ToWire(BulkOutcome outcome) =>
        outcome switch
        {
            BulkOutcome.Applied => V1.BulkOutcome.Applied,
            BulkOutcome.WithRefusals => V1.BulkOutcome.WithRefusals,
            BulkOutcome.Aborted => V1.BulkOutcome.Aborted,
            BulkOutcome.RequestIdReused or BulkOutcome.Overloaded or BulkOutcome.TooManyRows =>
                throw new InvalidOperationException($"{outcome} is answered by a status."),
        };

    /// <summary>Why a row was refused; none if it was not.</summary>
    public static ApiError? Refusal(BulkResult result) =>
        StockErrors.Of(new(result.Outcome, result.Stock), result.Target, requestId: "");

    public static BulkUpdateResult ToWire(BulkResult result, bool applied) =>
        new()
        {
            Index = result.Index,
            Outcome = applied ? BulkRowOutcome.Applied : BulkRowOutcome.NotApplied,
            Stock = applied && result.Stock is { } stock ? StockMessages.ToWire(stock) : null,
        };
}
