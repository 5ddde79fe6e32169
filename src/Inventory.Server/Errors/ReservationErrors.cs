using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Engine.Reservations;

namespace Inventory.Server.Errors;

/// <summary>
/// What each outcome of a reservation means to a caller: the table of the API, without a default arm. Null is OK.
/// </summary>
internal static class ReservationErrors
{
    public const string ReservationType = "reservation";

    private static readonly TimeSpan RetryCapAfter = TimeSpan.FromSeconds(5);

    public static ApiError? Of(ReserveAnswer answer, string requestId) =>
        answer.Outcome switch
        {
            ReserveOutcome.Held
            or ReserveOutcome.Waits
            or ReserveOutcome.Replayed
            or ReserveOutcome.WouldHold
            or ReserveOutcome.WouldWait => null,
            ReserveOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            ReserveOutcome.SkuUnknown => CommonErrors.SkuUnknown(answer.Refusals.Select(r => r.Sku)),
            ReserveOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(answer.Refusals.Select(r => r.Warehouse!)),
            ReserveOutcome.ItemDiscontinued => Refused(
                Reasons.ItemDiscontinued,
                answer.Refusals,
                _ => "is no longer sold"
            ),
            ReserveOutcome.WarehouseInactive => Refused(
                Reasons.WarehouseInactive,
                answer.Refusals,
                line =>
                    line.Warehouse is null ? "is held by inactive warehouses only" : "is asked of an inactive warehouse"
            ),
            ReserveOutcome.StockShort => Refused(Reasons.InsufficientStock, answer.Refusals, Shortage),
            ReserveOutcome.Overloaded => Faults.Overloaded,
            ReserveOutcome.TooManyOpen => TooManyOpen(answer.Cap!),
        };

    public static ApiError? Of(ExtendAnswer answer, string reservationId) =>
        answer.Outcome switch
        {
            ExtendOutcome.Extended or ExtendOutcome.Replayed => null,
            ExtendOutcome.NotFound => NotFound(reservationId),
            ExtendOutcome.TooLate => TooLate(),
            ExtendOutcome.Expired => Expired(answer.Reservation!),
            ExtendOutcome.OtherState => OtherState(answer.Reservation!),
            ExtendOutcome.Overloaded => Faults.Overloaded,
        };

    public static ApiError? Of(ListAnswer answer, ReservationFilter filter) =>
        answer.Outcome switch
        {
            ListOutcome.Listed => null,
            ListOutcome.SkuUnknown => CommonErrors.SkuUnknown(filter.Sku!),
            ListOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(filter.Warehouse!),
            ListOutcome.PageTokenInvalid => PageTokenInvalid(),
        };

    public static ApiError NotFound(string reservationId) =>
        CommonErrors.NotFound(Reasons.ReservationUnknown, ReservationType, reservationId);

    /// <summary>It goes away by itself when some of them end.</summary>
    private static ApiError TooManyOpen(HoldCap cap) =>
        new(
            StatusCode.ResourceExhausted,
            Reasons.HoldLimit,
            $"The {cap.Of} has {cap.Max} reservations open, and may not have more.",
            [new("limit", cap.Of), new("max", cap.Max.ToString(CultureInfo.InvariantCulture))],
            new QuotaFailure
            {
                Violations =
                {
                    new QuotaFailure.Types.Violation
                    {
                        Subject = $"{cap.Of}:{cap.Name}",
                        Description = "Confirm or cancel some of them, or wait until they lapse.",
                    },
                },
            },
            new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryCapAfter) }
        );

    private static ApiError Refused(string reason, IReadOnlyList<LineRefusal> lines, Func<LineRefusal, string> describe)
    {
        var failure = new PreconditionFailure();
        foreach (var line in lines)
        {
            failure.Violations.Add(
                new PreconditionFailure.Types.Violation
                {
                    Type = reason,
                    Subject = Subject(line),
                    Description = describe(line),
                }
            );
        }

        DetailLimit.Apply(
            failure.Violations,
            missing => new() { Type = "MORE", Description = $"{missing} more lines are not listed" }
        );
        var message =
            $"{Subject(lines[0])} {describe(lines[0])}{(lines.Count == 1 ? "." : $", and {lines.Count - 1} more.")}";
        return new(StatusCode.FailedPrecondition, reason, message, Metadata(lines[0]), failure);
    }

    private static string Subject(LineRefusal line) =>
        line.Warehouse is null ? line.Sku : $"{line.Sku}@{line.Warehouse}";

    private static string Shortage(LineRefusal line)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"has {line.Available} available, {line.Requested} requested"
        );
        if (line.MinQuantity > 0)
        {
            text = string.Create(CultureInfo.InvariantCulture, $"{text}, at least {line.MinQuantity}");
        }

        return line.NextHoldLapsesAt is { } at ? $"{text}, the next hold lapses at {Iso(at)}" : text;
    }

    /// <summary>The first line's numbers for programs; the other lines' stand in the violations' words.</summary>
    private static List<KeyValuePair<string, string>> Metadata(LineRefusal line)
    {
        List<KeyValuePair<string, string>> metadata = [new("sku", line.Sku)];
        if (line.Warehouse is not null)
        {
            metadata.Add(new("warehouse", line.Warehouse));
        }

        if (line.Outcome == ReserveOutcome.StockShort)
        {
            metadata.Add(new("requested", line.Requested.ToString(CultureInfo.InvariantCulture)));
            metadata.Add(new("available", line.Available.ToString(CultureInfo.InvariantCulture)));
        }

        if (line.MinQuantity > 0)
        {
            metadata.Add(new("min_quantity", line.MinQuantity.ToString(CultureInfo.InvariantCulture)));
        }

        if (line.NextHoldLapsesAt is { } at)
        {
            metadata.Add(new("next_hold_lapses_at", Iso(at)));
        }

        return metadata;
    }

    internal static ApiError Expired(Reservation reservation) =>
        State(Reasons.ReservationExpired, reservation, $"expired at {Iso(reservation.ExpiresAt)}");

    internal static ApiError OtherState(Reservation reservation) =>
        State(Reasons.ReservationState, reservation, $"is {StateName(reservation)}");

    private static ApiError State(string reason, Reservation reservation, string description)
    {
        var id = reservation.ReservationId.ToString();
        return CommonErrors.Precondition(
            reason,
            $"Reservation {id}",
            description,
            KeyValuePair.Create("reservation_id", id),
            KeyValuePair.Create("state", StateName(reservation))
        );
    }

    private static ApiError TooLate()
    {
        var violations = new Validation.Violations();
        violations.Add(
            "expire_time",
            Validation.Problem.OutOfRange("at most 24 hours from now by the database's clock")
        );
        return violations.Error!;
    }

    private static ApiError PageTokenInvalid()
    {
        var violations = new Validation.Violations();
        violations.Add("page_token", Validation.Problem.Format("the next_page_token of a page with the same filters"));
        return violations.Error!;
    }

    private static string StateName(Reservation reservation) => reservation.State.ToString().ToUpperInvariant();

    private static string Iso(DateTime utc) =>
        utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
