using System.Text.Json;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Npgsql;

namespace Inventory.Engine.Returns;

/// <summary>
/// Takes goods back that a reservation sold, never more than it did: to be sold again, to quality control, or as
/// damaged. Once a request id.
/// </summary>
public sealed class ReturnInventory : IAsyncDisposable
{
    private readonly Cell cell;
    private readonly StockDirectory directory;
    private readonly CommittedLevels committed;
    private readonly OpenStock open;
    private readonly Coalescer<Attempt, Judged> lanes;

    /// <summary>Starts the lanes.</summary>
    public ReturnInventory(Cell cell, StockDirectory directory, CommittedLevels committed, OpenStock open)
    {
        this.cell = cell;
        this.directory = directory;
        this.committed = committed;
        this.open = open;
        // One at a time, each planned from its reservation as it is.
        var options = new CoalescerOptions { Operation = "returns.return", BatchSizeMax = 1 };
        lanes = new(cell, options, new(ReturnOutcome.Overloaded, null), ExecuteAsync);
    }

    private sealed record Attempt(ReturnRequest Request, Guid Key, IReadOnlyList<ResolvedReturn> Lines);

    private readonly record struct Judged(
        ReturnOutcome Outcome,
        PartRow? Row,
        IReadOnlyList<StockAmounts>? Stock = null,
        IReadOnlyList<PartRefusal>? Refusals = null
    );

    /// <summary>Makes a return.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async ValueTask<ReturnAnswer> ExecuteAsync(ReturnRequest request, CancellationToken cancellation)
    {
        var key = RequestKey.Id(request.Caller, request.RequestId);
        var lines = await ResolveAsync(request, cancellation);
        var judged = await lanes.SubmitAsync(new(request, key, lines), cancellation);
        if (judged.Outcome == ReturnOutcome.StockUnknown && await OpenAsync(request, lines, cancellation))
        {
            lines = await ResolveAsync(request, cancellation);
            judged = await lanes.SubmitAsync(new(request, key, lines), cancellation);
        }

        var stock = judged.Stock ?? [];
        var shown = judged.Row?.StockIds.Concat(stock.Select(s => s.StockId)).Distinct().ToList() ?? [];
        var owners = await directory.DescribeAsync(shown, cancellation);
        return new(
            judged.Outcome,
            judged.Row?.Shown().ToReservation(owners),
            [.. stock.Select(s => s.ToRecord(owners[s.StockId]))],
            judged.Refusals ?? []
        );
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => lanes.DisposeAsync();

    private async Task<IReadOnlyList<ResolvedReturn>> ResolveAsync(
        ReturnRequest request,
        CancellationToken cancellation
    )
    {
        var items = await directory.FindAsync([.. request.Lines.Select(l => l.Sku).Distinct()], cancellation);
        var resolved = new List<ResolvedReturn>(request.Lines.Count);
        foreach (var line in ReturnRequest.Sum(request.Lines))
        {
            var item = items.GetValueOrDefault(line.Sku);
            var sku = item?.Sku ?? line.Sku;
            if (line.Warehouse is null)
            {
                resolved.Add(new(line with { Sku = sku }, item, null, null));
                continue;
            }

            var target = await ResolvedTarget.FindAsync(
                StockTarget.At(line.Sku, line.Warehouse),
                cell,
                directory,
                cancellation
            );
            var code = target.Warehouse?.Code ?? line.Warehouse;
            resolved.Add(new(line with { Sku = sku, Warehouse = code }, item, target.Warehouse, target.StockId));
        }

        return resolved;
    }

    /// <summary>Begins the rows that are to take something in and are not there.</summary>
    /// <returns>Whether there were such.</returns>
    private async Task<bool> OpenAsync(
        ReturnRequest request,
        IReadOnlyList<ResolvedReturn> lines,
        CancellationToken cancellation
    )
    {
        // An item that is no longer sold may come back. Whether the warehouse takes it in is judged with the return.
        var places = lines
            .Where(l => l is { StockId: null, Item: not null, Warehouse: not null })
            .Select(l => (l.Item!, l.Warehouse!))
            .Distinct()
            .ToList();
        if (places.Count > 0)
        {
            await open.ExecuteAsync(places, receiving: false, request.Caller, cancellation);
        }

        return places.Count > 0;
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Pending<Attempt, Judged>> batch)
    {
        var pending = batch[0];
        var (request, key, lines) = pending.Request;
        var row = await PartStatement.LookAsync(connection, [key], request.ReservationId);
        if (Decide(request, row) is { } decided)
        {
            pending.Settle(decided);
            return;
        }

        var owners = await directory.DescribeAsync(row.StockIds, CancellationToken.None);
        var plan = ReturnPlan.Make(lines, row, owners);
        if (plan.Refusals.Count > 0)
        {
            pending.Settle(new(ReturnOutcome.MoreThanSold, row, Refusals: plan.Refusals));
            return;
        }

        if (Unknown(lines) is { } unknown)
        {
            pending.Settle(new(unknown.Outcome, row, Refusals: unknown.Lines));
            return;
        }

        var result = await ReturnStatement.ExecuteAsync(connection, key, request, row, plan);
        if (result.Done)
        {
            committed.Publish(result.Levels());
            row.Returned = plan.Returned;
            row.Version++;
            pending.Settle(new(ReturnOutcome.Returned, row, StockAmounts.ParseAll(result.Stock!)));
        }
        else if (result.Same && result.Refusal is { } refusal)
        {
            pending.Settle(new((ReturnOutcome)refusal, row, Refusals: await RefusedAsync(result.RefusedStockIds!)));
        }
    }

    private static Judged? Decide(ReturnRequest request, PartRow row)
    {
        if (row.Seen is { } seen)
        {
            return seen == request.Fingerprint()
                ? new(ReturnOutcome.Replayed, row, Stored(row.Answer!))
                : new(ReturnOutcome.RequestIdReused, null);
        }

        if (row.ReservationId == Guid.Empty)
        {
            return new(ReturnOutcome.ReservationUnknown, null);
        }

        return Enumerable.Range(0, row.StockIds.Length).Any(i => row.SoldOf(i) > 0)
            ? null
            : new(ReturnOutcome.NothingSold, row);
    }

    private static IReadOnlyList<StockAmounts> Stored(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return StockAmounts.ParseAll(json.RootElement.GetProperty("stock").GetRawText());
    }

    /// <summary>The lines that go to a place that cannot be: for the first reason in the order of judgement.</summary>
    private static (ReturnOutcome Outcome, IReadOnlyList<PartRefusal> Lines)? Unknown(
        IReadOnlyList<ResolvedReturn> lines
    )
    {
        var placed = lines.Where(l => l.Asked.Warehouse is not null).ToList();
        var unknown = placed.Exists(l => l.Item is null)
            ? (ReturnOutcome.SkuUnknown, placed.Where(l => l.Item is null))
            : (ReturnOutcome.WarehouseUnknown, placed.Where(l => l.Warehouse is null));
        PartRefusal[] refusals =
        [
            .. unknown.Item2.Select(l => new PartRefusal(l.Asked.Sku, l.Asked.Warehouse, l.Asked.Quantity, 0)),
        ];
        return refusals.Length == 0 ? null : (unknown.Item1, refusals);
    }

    private async Task<IReadOnlyList<PartRefusal>> RefusedAsync(long[] stockIds)
    {
        var owners = await directory.DescribeAsync(stockIds, CancellationToken.None);
        return [.. owners.Values.Select(o => new PartRefusal(o.Sku, o.Warehouse, 0, 0))];
    }
}
