using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;
using Inventory.Faults.Histories;
using Inventory.Testing;
using Npgsql;

namespace Inventory.Faults.Load;

/// <summary>A caller of a node in this process.</summary>
internal sealed class EngineCaller(EngineNode node, History history, TimeSpan? patience = null)
    : Caller(history, patience ?? LongPatience)
{
    private const string ActorName = "shop";

    public override string Name => ActorName;

    public EngineNode Node => node;

    public override async Task SweepAsync()
    {
        try
        {
            await node.Expire.SweepAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The database is away; the job of another node, or the next one, does it.
        }
    }

    protected override string? Indefinite(Exception exception) =>
        exception switch
        {
            PostgresException refused => $"{refused.SqlState} {refused.MessageText}",
            NpgsqlException or OperationCanceledException => exception.Message,
            _ => null,
        };

    protected override async Task<Reply> AnswerAsync(Ask ask, CancellationToken cancellation) =>
        ask switch
        {
            ReserveAsk reserve => Reply(await node.Reserve.ExecuteAsync(Request(reserve), cancellation)),
            EndAsk end => Reply(
                await node.End.ExecuteAsync(
                    new(end.ReservationId, (ReservationState)(int)end.End, new(ActorName)),
                    cancellation
                )
            ),
            PartAsk part => Reply(await node.Part.ExecuteAsync(Request(part), cancellation)),
            ExtendAsk extend => Reply(
                await node.Extend.ExecuteAsync(
                    new(extend.ReservationId, extend.Until.UtcDateTime, Some.Caller),
                    cancellation
                )
            ),
            AdjustAsk adjust => Reply(await node.Edit.ExecuteAsync(Edit(adjust), cancellation)),
            _ => throw new InvalidOperationException($"Nobody knows how to ask {ask}."),
        };

    private static ReserveRequest Request(ReserveAsk ask) =>
        new(
            new(ask.Caller),
            ask.RequestId,
            null,
            (int)ask.Hold.TotalMilliseconds,
            [.. ask.Lines.Select(l => new ReserveLine(l.Sku, l.Warehouse, l.Quantity))]
        );

    private static EndPartRequest Request(PartAsk ask) =>
        new()
        {
            ReservationId = ask.ReservationId,
            Target = (ReservationState)(int)ask.End,
            Caller = new(ActorName),
            RequestId = ask.RequestId,
            Lines = [new(ask.Sku, null, ask.Quantity)],
            KeepsRemainder = true,
            Reacquires = ask.IsLate,
        };

    private static StockEdit Edit(AdjustAsk ask) =>
        new()
        {
            Caller = new(ActorName),
            RequestId = ask.RequestId,
            Target = StockTarget.At(ask.Sku, ask.Warehouse),
            Kind = EditKind.Adjust,
            Quantity = ask.Difference,
            Reason = ask.RequestId,
        };

    private static Reply Reply(ReserveAnswer answer) =>
        answer.Outcome switch
        {
            ReserveOutcome.Held => Granted(answer.Reservation!, replayed: false),
            ReserveOutcome.Replayed => Granted(answer.Reservation!, replayed: true),
            ReserveOutcome.RequestIdReused => new Refused(RefusalReason.RequestIdReused),
            ReserveOutcome.StockShort => new Refused(RefusalReason.StockShort),
            ReserveOutcome.Overloaded => new Refused(RefusalReason.Overloaded),
            ReserveOutcome.SkuUnknown
            or ReserveOutcome.WarehouseUnknown
            or ReserveOutcome.ItemDiscontinued
            or ReserveOutcome.WarehouseInactive
            or ReserveOutcome.TooManyOpen
            // Nobody here asks for a judgement alone, or waits.
            or ReserveOutcome.WouldHold
            or ReserveOutcome.WouldWait
            or ReserveOutcome.Waits => new Refused(RefusalReason.Invalid),
        };

    private static Granted Granted(Reservation reservation, bool replayed) =>
        new(reservation.ReservationId, replayed, reservation.State == ReservationState.Expired, reservation.ExpiresAt);

    private static Reply Reply(EndAnswer answer) =>
        answer.Outcome switch
        {
            EndOutcome.Ended => new Done(Replayed: false),
            EndOutcome.Replayed => new Done(Replayed: true),
            EndOutcome.NotFound => new Refused(RefusalReason.NotFound),
            EndOutcome.Expired => new Refused(RefusalReason.Expired),
            EndOutcome.OtherState => new Refused(RefusalReason.OtherState),
            EndOutcome.Overloaded => new Refused(RefusalReason.Overloaded),
            EndOutcome.RequestIdReused => new Refused(RefusalReason.RequestIdReused),
            EndOutcome.StockShort => new Refused(RefusalReason.StockShort),
            EndOutcome.MoreThanHeld or EndOutcome.ItemDiscontinued or EndOutcome.WarehouseInactive => new Refused(
                RefusalReason.Invalid
            ),
        };

    private static Reply Reply(ExtendAnswer answer) =>
        answer.Outcome switch
        {
            ExtendOutcome.Extended => new Done(Replayed: false),
            ExtendOutcome.Replayed => new Done(Replayed: true),
            ExtendOutcome.NotFound => new Refused(RefusalReason.NotFound),
            ExtendOutcome.TooLate => new Refused(RefusalReason.Invalid),
            ExtendOutcome.Expired => new Refused(RefusalReason.Expired),
            ExtendOutcome.OtherState => new Refused(RefusalReason.OtherState),
            ExtendOutcome.Overloaded => new Refused(RefusalReason.Overloaded),
        };

    private static Reply Reply(EditAnswer answer) =>
        answer.Outcome switch
        {
            EditOutcome.Edited => new Done(Replayed: false),
            EditOutcome.Replayed => new Done(Replayed: true),
            EditOutcome.RequestIdReused => new Refused(RefusalReason.RequestIdReused),
            EditOutcome.StockShort => new Refused(RefusalReason.StockShort),
            EditOutcome.Overloaded => new Refused(RefusalReason.Overloaded),
            EditOutcome.SkuUnknown
            or EditOutcome.SeveralVariants
            or EditOutcome.WarehouseUnknown
            or EditOutcome.StockUnknown
            or EditOutcome.VersionConflict
            or EditOutcome.ItemDiscontinued
            or EditOutcome.WarehouseInactive
            or EditOutcome.ItemIsKit
            or EditOutcome.TooMuch => new Refused(RefusalReason.Invalid),
        };
}
