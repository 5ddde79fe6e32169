using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Daily;
using Inventory.Engine.Journal.Past;
using Inventory.Engine.Journal.Snapshots;
using Inventory.Engine.Stock;

namespace Inventory.Server.Errors;

/// <summary>What it means to a caller that changes or the past of stock could not be told.</summary>
internal static class JournalErrors
{
    public static ApiError? Of(ListTransactionsAnswer answer, TransactionFilter filter) =>
        answer.Outcome switch
        {
            ListTransactionsOutcome.Listed => null,
            ListTransactionsOutcome.SkuUnknown => CommonErrors.SkuUnknown(filter.Sku!),
            ListTransactionsOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(filter.Warehouse!),
            ListTransactionsOutcome.ReservationUnknown => ReservationErrors.NotFound($"{filter.ReservationId}"),
            ListTransactionsOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(PastAnswer answer, PastFilter filter) =>
        answer.Outcome switch
        {
            PastOutcome.Read => null,
            PastOutcome.SkuUnknown => CommonErrors.SkuUnknown(filter.Sku!),
            PastOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(filter.Warehouse!),
            PastOutcome.StockUnknown => StockErrors.NotFound(StockTarget.Row(filter.StockId!.Value)),
            PastOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(CreateSnapshotAnswer answer, NewSnapshot request) =>
        answer.Outcome switch
        {
            CreateSnapshotOutcome.Created or CreateSnapshotOutcome.Replayed => null,
            CreateSnapshotOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
        };

    public static ApiError? Of(ListSnapshotsAnswer answer) =>
        answer.Outcome switch
        {
            ListSnapshotsOutcome.Listed => null,
            ListSnapshotsOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(DailyStockAnswer answer, DailyStockFilter filter) =>
        answer.Outcome switch
        {
            DailyStockOutcome.Listed => null,
            DailyStockOutcome.SkuUnknown => CommonErrors.SkuUnknown(filter.Sku),
            DailyStockOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(filter.Warehouse!),
            DailyStockOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };
}
