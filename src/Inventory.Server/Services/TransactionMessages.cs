using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.V1;
using EngineTransaction = Inventory.Engine.Journal.Transaction;
using Transaction = Inventory.V1.Transaction;

namespace Inventory.Server.Services;

/// <summary>Changes of stock as messages.</summary>
internal static class TransactionMessages
{
    public static TransactionFilter ToEngine(ListTransactionsRequest request) =>
        new()
        {
            Sku = Given(request.Sku),
            Warehouse = Given(request.Warehouse),
            ReservationId = Given(request.ReservationId) is { } id ? Guid.Parse(id) : null,
            Actor = Given(request.Actor),
            Trace = Given(request.TraceId) is { } trace ? Guid.ParseExact(trace, "N") : null,
            // Both are numbered alike, and a test holds them to it.
            Kinds = [.. request.Kinds.Select(k => (JournalKind)k)],
            From = request.StartTime?.ToDateTime(),
            Before = request.EndTime?.ToDateTime(),
        };

    /// <param name="answer">What the engine found.</param>
    /// <param name="showsAddresses">They are personal data: for those who may see them.</param>
    public static ListTransactionsResponse ToWire(ListTransactionsAnswer answer, bool showsAddresses) =>
        new()
        {
            Transactions = { answer.Transactions.Select(t => ToWire(t, showsAddresses)) },
            NextPageToken = answer.NextPageToken ?? "",
        };

    public static StreamFilter ToEngine(StreamTransactionsRequest request) =>
        new()
        {
            Skus = request.Skus,
            Warehouses = request.Warehouses,
            Kinds = [.. request.Kinds.Select(k => (JournalKind)k)],
            FromBeginning = request.FromBeginning,
        };

    public static StreamTransactionsResponse ToWire(WatchStep<EngineTransaction> step) =>
        new()
        {
            Transactions = { step.Told.Select(t => ToWire(t, showsAddresses: false)) },
            ResumeToken = step.ResumeToken ?? "",
        };

    private static Transaction ToWire(EngineTransaction transaction, bool showsAddresses) =>
        new()
        {
            Position = transaction.Position,
            Time = Timestamp.FromDateTime(transaction.At),
            InventoryId = transaction.StockId == 0 ? "" : PublicId.Stock(transaction.StockId),
            Sku = transaction.Sku,
            Warehouse = transaction.Warehouse,
            StockVersion = transaction.Version,
            Kind = (TransactionKind)transaction.Kind,
            Actor = transaction.Actor,
            Reason = transaction.Reason ?? "",
            DocumentId = transaction.Document?.ToString() ?? "",
            Change = ToWire(transaction.Change),
            Before = transaction.Before is { } before ? ToWire(before) : null,
            Scope = transaction.Scope ?? "",
            Address = showsAddresses ? transaction.Address ?? "" : "",
            TraceId = transaction.Trace?.ToString("N") ?? "",
            After = transaction.After is { } after ? ToWire(after) : null,
        };

    public static TransactionAmounts ToWire(StockAmounts amounts) =>
        new()
        {
            OnHand = amounts.OnHand,
            Reserved = amounts.Reserved,
            Damaged = amounts.Damaged,
            QualityControl = amounts.QualityControl,
            InTransit = amounts.InTransit,
            SafetyStock = amounts.SafetyStock,
            Waiting = amounts.Waiting,
        };

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
