using System.Collections.Concurrent;
using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Testing;

namespace Inventory.Engine.Tests.Model;

/// <summary>
/// Takes the steps of one history to the engine, on two nodes in turn, and tells what it answers in the words of the
/// model.
/// </summary>
internal sealed class EngineUnderTest(EngineNode[] nodes, Given given, Then then, string[] warehouses)
{
    private readonly string history = $"{Guid.NewGuid():n}";
    private readonly ConcurrentDictionary<int, Reservation> granted = [];
    private int steps;

    private EngineNode Node => nodes[(uint)Interlocked.Increment(ref steps) % nodes.Length];

    public async Task OpenAsync(IEnumerable<ModelRow> rows)
    {
        foreach (var row in rows)
        {
            await given.Stock(
                row.OnHand,
                Sku(row.Sku),
                warehouses[row.Warehouse - 1],
                row.SafetyStock,
                discontinued: row.IsDiscontinued
            );
        }

        await given.Item(Sku('F'));
    }

    public async Task<string> AnswerAsync(CallerStep step) =>
        step switch
        {
            ReserveStep reserve => await ReserveAsync(reserve),
            EndStep end => Tell(await Node.End.ExecuteAsync(new(Id(end.Order), end.Target, Some.Caller), default)),
            ExtendStep extend => Tell(
                await Node.Extend.ExecuteAsync(new(Id(extend.Order), Until(extend), Some.Caller), default)
            ),
            GetStep get => await GetAsync(Id(get.Order)),
            LapseStep lapse => await LapseAsync(Id(lapse.Order)),
            SweepStep => $"{await Node.Expire.SweepAsync(default)}",
            EditStep edit => await EditAsync(edit),
            _ => throw new InvalidOperationException($"Nobody knows how to do {step}."),
        };

    /// <summary>On hand and reserved of a row, as the tables have them.</summary>
    public async Task<(long OnHand, long Reserved)> AmountsAsync(ModelRow row) =>
        (
            await then.OnHand(Sku(row.Sku), warehouses[row.Warehouse - 1]),
            await then.Reserved(Sku(row.Sku), warehouses[row.Warehouse - 1])
        );

    private string Sku(char letter) => $"{letter}-{history}";

    private string Warehouse(int number) => number <= warehouses.Length ? warehouses[number - 1] : "nowhere";

    // Known before its answer is: callers at once may ask for what another is just being granted.
    private Guid Id(int order) => ReservationKey.Id(Some.Caller, RequestId(order));

    private string RequestId(int number) => $"{history}-{number}";

    private DateTime Until(ExtendStep extend) =>
        extend.Minutes > 24 * 60 || !granted.TryGetValue(extend.Order, out var known)
            ? TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(extend.Minutes)
            : known.ExpiresAt.AddMinutes(extend.Minutes);

    private async Task<string> ReserveAsync(ReserveStep ask)
    {
        var lines = ask.Lines.Select(l => new ReserveLine(
            Sku(l.Sku),
            l.Warehouse is { } number ? Warehouse(number) : null,
            l.Quantity,
            l.Least
        ));
        var request = new ReserveRequest(Some.Caller, RequestId(ask.Order), null, ask.HoldMs, [.. lines])
        {
            Source = ask.Source,
            Fill = ask.Fill,
        };
        var answer = await Node.Reserve.ExecuteAsync(request, default);
        if (answer.Reservation is { } reservation)
        {
            granted[ask.Order] = reservation;
            return $"{answer.Outcome} {Tell(reservation)}";
        }

        var refusals = answer
            .Refusals.Select(r => $"{new StepLine(r.Sku[0], Number(r.Warehouse), r.Requested)} of {r.Available}")
            .Order(StringComparer.Ordinal);
        return answer.Refusals.Count == 0 ? $"{answer.Outcome}" : $"{answer.Outcome} {string.Join(", ", refusals)}";
    }

    private async Task<string> GetAsync(Guid id)
    {
        var answer = await Node.Get.ExecuteAsync(id, default);
        return answer.Reservation is { } reservation ? Tell(reservation) : "none";
    }

    private async Task<string> LapseAsync(Guid id) => await given.Lapsed(id) ? "lapsed" : "none";

    private async Task<string> EditAsync(EditStep ask)
    {
        var edit = new StockEdit
        {
            Caller = Some.Caller,
            RequestId = RequestId(ask.Edit),
            Target = StockTarget.At(Sku(ask.Sku), Warehouse(ask.Warehouse)),
            Kind = ask.Kind,
            Quantity = ask.Quantity,
            Reason = "counted",
        };
        if (ask.Kind == EditKind.Move)
        {
            var (from, to) = (StockState.Available, StockState.Damaged);
            edit = edit with
            {
                Quantity = Math.Abs(ask.Quantity),
                State = ask.Quantity > 0 ? from : to,
                To = ask.Quantity > 0 ? to : from,
            };
        }

        var answer = await Node.Edit.ExecuteAsync(edit, default);
        if (answer.Stock is not { } stock)
        {
            return $"{answer.Outcome}";
        }

        var place = $"{stock.Sku[0]}@{Number(stock.Warehouse)}";
        var amounts =
            $"{stock.OnHand} on hand, {stock.Reserved} reserved, {stock.Damaged} damaged, "
            + $"{stock.Available} available";
        return $"{answer.Outcome} {place}: {amounts}";
    }

    private string Tell(EndAnswer answer) =>
        answer.Reservation is { } reservation ? $"{answer.Outcome} {Tell(reservation)}" : $"{answer.Outcome}";

    private string Tell(ExtendAnswer answer)
    {
        if (answer.Reservation is not { } reservation)
        {
            return $"{answer.Outcome}";
        }

        foreach (var (order, _) in granted.Where(g => g.Value.ReservationId == reservation.ReservationId).ToList())
        {
            granted[order] = reservation;
        }

        return $"{answer.Outcome} {Tell(reservation)}";
    }

    private string Tell(Reservation reservation)
    {
        var taken = reservation
            .Allocations.Select(a => (Sku: a.Sku[0], Warehouse: Number(a.Warehouse), a.Quantity))
            .OrderBy(t => t.Sku)
            .ThenBy(t => t.Warehouse)
            .Select(t => $"{t.Quantity} {t.Sku}@{t.Warehouse}");
        var shorts = (reservation.Lines ?? [])
            .Where(l => l.ShortQuantity > 0)
            .OrderBy(l => l.Sku[0])
            .Select(l => $", {l.ShortQuantity} {l.Sku[0]} short");
        return $"{reservation.State} v{reservation.Version} {string.Join(", ", taken)}{string.Concat(shorts)}";
    }

    private int? Number(string? warehouse) =>
        warehouse is null ? null
        : Array.IndexOf(warehouses, warehouse) is >= 0 and var at ? at + 1
        : 9;
}
