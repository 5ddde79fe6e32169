using Inventory.Engine.Journal;

namespace Inventory.Server.Errors;

/// <summary>What it means to a caller that changes of stock could not be listed.</summary>
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
}
