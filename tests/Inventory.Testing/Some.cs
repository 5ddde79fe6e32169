using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Engine.Transfers;

namespace Inventory.Testing;

/// <summary>Requests and keys that no other test has.</summary>
public static class Some
{
    public static readonly Actor Caller = new("tests");

    public static string Sku() => $"SKU-{Guid.NewGuid():n}";

    public static string WarehouseCode() => $"W-{Guid.NewGuid():n}";

    public static string RequestId() => $"{Guid.NewGuid():n}";

    public static string OrderId() => $"order-{Guid.NewGuid():n}";

    /// <summary>A GTIN-13 with a right check digit.</summary>
    public static string Gtin13()
    {
        var digits = Random.Shared.NextInt64(100_000_000_000, 1_000_000_000_000).ToString("d12", null);
        var sum = digits.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum();
        return $"{digits}{(10 - sum % 10) % 10}";
    }

    /// <summary>A request of one line, held for a quarter of an hour.</summary>
    public static ReserveRequest Reserve(
        string sku,
        long quantity = 1,
        string? warehouse = null,
        string? requestId = null,
        string? orderId = null,
        int holdMs = 900_000
    ) => new(Caller, requestId ?? RequestId(), orderId, holdMs, [new ReserveLine(sku, warehouse, quantity)]);

    /// <summary>A request of many lines.</summary>
    public static ReserveRequest Reserve(params IEnumerable<(string Sku, long Quantity)> lines) =>
        new(Caller, RequestId(), null, 900_000, [.. lines.Select(l => new ReserveLine(l.Sku, null, l.Quantity))]);

    /// <summary>An edit of a SKU's stock, at <see cref="Given.MainWarehouse"/> unless another is named.</summary>
    public static StockEdit Edit(EditKind kind, string sku, long quantity, string? warehouse = null) =>
        new()
        {
            Caller = Caller,
            RequestId = RequestId(),
            Target = StockTarget.At(sku, warehouse ?? Given.MainWarehouse),
            Kind = kind,
            Quantity = quantity,
            Reason = "test",
        };

    public static StockEdit Add(string sku, long quantity = 1, string? warehouse = null) =>
        Edit(EditKind.Add, sku, quantity, warehouse);

    public static StockEdit Remove(string sku, long quantity = 1, string? warehouse = null) =>
        Edit(EditKind.Remove, sku, quantity, warehouse);

    public static StockEdit Adjust(string sku, long delta, string? warehouse = null) =>
        Edit(EditKind.Adjust, sku, delta, warehouse);

    public static StockEdit Move(
        string sku,
        StockState from,
        StockState to,
        long quantity = 1,
        string? warehouse = null
    ) => Edit(EditKind.Move, sku, quantity, warehouse) with { State = from, To = to };

    public static StockDeletion Deletion(string sku, string? warehouse = null, long? expected = null) =>
        new(Caller, RequestId(), StockTarget.At(sku, warehouse ?? Given.MainWarehouse), expected);

    public static NewTransfer Transfer(
        string sku,
        string from,
        string to,
        long quantity = 1,
        TransferMode mode = TransferMode.Immediate
    ) =>
        new()
        {
            Caller = Caller,
            RequestId = RequestId(),
            Sku = sku,
            From = from,
            To = to,
            Quantity = quantity,
            Mode = mode,
            Reason = "test",
        };

    public static TransferStep Step(Guid transferId, TransferStepKind kind, long? quantity = null) =>
        new()
        {
            Caller = Caller,
            RequestId = RequestId(),
            TransferId = transferId,
            Kind = kind,
            Quantity = quantity,
        };

    public static StockEdit Set(string sku, long quantity, string? warehouse = null) =>
        Edit(EditKind.Set, sku, quantity, warehouse);

    /// <summary>A call that edits many stock rows.</summary>
    public static BulkEdit Bulk(BulkOnError onError = BulkOnError.Abort) =>
        new()
        {
            Caller = Caller,
            RequestId = RequestId(),
            OnError = onError,
            EveryRow = true,
        };

    /// <summary>A row of such a call, at <see cref="Given.MainWarehouse"/> unless another is named.</summary>
    public static BulkRow Row(EditKind kind, string sku, long quantity, string? warehouse = null) =>
        new()
        {
            Target = StockTarget.At(sku, warehouse ?? Given.MainWarehouse),
            Kind = kind,
            Quantity = quantity,
            Reason = "test",
        };
}
