namespace Inventory.Engine.Reservations;

/// <summary>
/// The reserve statement's parameters, an array each: requests by their place in the batch, their proposed lines, and
/// the keys of all rows that they may draw on.
/// </summary>
internal sealed class ReserveParameters(int requests, int lines)
{
    /// <summary>All candidate rows, distinct, ascending.</summary>
    public long[] StockIds { get; private set; } = [];

    /// <summary>The candidates' warehouses, distinct.</summary>
    public int[] WarehouseIds { get; private set; } = [];

    public Guid[] Ids { get; } = new Guid[requests];

    public long[] Fingerprints { get; } = new long[requests];

    public int[] HoldMs { get; } = new int[requests];

    public string[] Callers { get; } = new string[requests];

    public int?[] Origins { get; } = new int?[requests];

    public Guid?[] Traces { get; } = new Guid?[requests];

    public string[] RequestIds { get; } = new string[requests];

    public string?[] OrderIds { get; } = new string?[requests];

    /// <summary>
    /// What is kept of a request beside its allocation, as JSON; none for most. No array if none has any: the usual
    /// batch carries nothing more.
    /// </summary>
    public string?[]? Terms { get; private set; }

    /// <summary>The place of each line's request, from 1.</summary>
    public int[] LineRequests { get; } = new int[lines];

    public long[] LineStockIds { get; } = new long[lines];

    public long[] LineQuantities { get; } = new long[lines];

    internal void SetRequest(int index, ReserveAttempt attempt)
    {
        Ids[index] = attempt.Id;
        Fingerprints[index] = attempt.Fingerprint;
        HoldMs[index] = attempt.Request.HoldMs;
        (Callers[index], Origins[index], Traces[index]) = attempt.Request.Caller;
        RequestIds[index] = attempt.Request.RequestId;
        OrderIds[index] = attempt.Request.OrderId;
        if (attempt.Terms is { } terms)
        {
            (Terms ??= new string?[requests])[index] = terms.ToJson();
        }
    }

    internal void SetLine(int index, int place, long stockId, long quantity)
    {
        LineRequests[index] = place;
        LineStockIds[index] = stockId;
        LineQuantities[index] = quantity;
    }

    internal void SetRows(List<long> stockIds, List<int> warehouseIds)
    {
        stockIds.Sort();
        var distinct = 0;
        for (var i = 0; i < stockIds.Count; i++)
        {
            if (i == 0 || stockIds[i] != stockIds[distinct - 1])
            {
                stockIds[distinct++] = stockIds[i];
            }
        }

        StockIds = [.. stockIds[..distinct]];
        WarehouseIds = [.. warehouseIds];
    }
}
