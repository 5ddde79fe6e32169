using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Inventory.Engine.Reservations;
using Inventory.Engine.Returns;

namespace Inventory.Server.Errors;

/// <summary>
/// What each outcome means to a caller who ends a hold, wholly or in part, fulfills it, or takes goods back. Null is
/// OK.
/// </summary>
internal static class EndErrors
{
    public static ApiError? Of(EndAnswer answer, string reservationId, string requestId = "") =>
        answer.Outcome switch
        {
            EndOutcome.Ended or EndOutcome.Replayed => null,
            EndOutcome.NotFound => ReservationErrors.NotFound(reservationId),
            EndOutcome.Expired => ReservationErrors.Expired(answer.Reservation!),
            EndOutcome.OtherState => ReservationErrors.OtherState(answer.Reservation!),
            EndOutcome.Overloaded => Faults.Overloaded,
            EndOutcome.RequestIdReused => CommonErrors.RequestIdReused(requestId),
            EndOutcome.MoreThanHeld => Lines(
                Reasons.ReservationQuantity,
                answer.Refusals!,
                line => Numbers(line, "held, {0} asked for")
            ),
            EndOutcome.ItemDiscontinued => Lines(
                Reasons.ItemDiscontinued,
                answer.Refusals!,
                _ => "is no longer sold, and the lapsed hold is not taken again"
            ),
            EndOutcome.WarehouseInactive => Lines(
                Reasons.WarehouseInactive,
                answer.Refusals!,
                _ => "is at an inactive warehouse, and the lapsed hold is not taken again"
            ),
            EndOutcome.StockShort => Lines(
                Reasons.InsufficientStock,
                answer.Refusals!,
                line => Numbers(line, "available, {0} to be taken again")
            ),
        };

    public static ApiError? Of(FulfillAnswer answer, string reservationId) =>
        answer.Outcome switch
        {
            FulfillOutcome.Fulfilled or FulfillOutcome.Replayed => null,
            FulfillOutcome.NotFound => ReservationErrors.NotFound(reservationId),
            FulfillOutcome.Expired => ReservationErrors.Expired(answer.Reservation!),
            FulfillOutcome.OtherState => ReservationErrors.OtherState(answer.Reservation!),
            FulfillOutcome.Overloaded => Faults.Overloaded,
        };

    public static ApiError? Of(ReturnAnswer answer, ReturnRequest asked) =>
        answer.Outcome switch
        {
            ReturnOutcome.Returned or ReturnOutcome.Replayed => null,
            ReturnOutcome.RequestIdReused => CommonErrors.RequestIdReused(asked.RequestId),
            ReturnOutcome.ReservationUnknown => ReservationErrors.NotFound(asked.ReservationId.ToString()),
            ReturnOutcome.NothingSold => ReservationErrors.OtherState(answer.Reservation!),
            ReturnOutcome.MoreThanSold => Lines(
                Reasons.ReservationQuantity,
                answer.Refusals,
                line => Numbers(line, "that were sold and not returned, {0} brought back")
            ),
            ReturnOutcome.SkuUnknown => CommonErrors.SkuUnknown(answer.Refusals.Select(r => r.Sku)),
            ReturnOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(answer.Refusals.Select(r => r.Warehouse!)),
            ReturnOutcome.StockUnknown => CommonErrors.NotFound(
                Reasons.StockUnknown,
                CommonErrors.InventoryType,
                answer.Refusals.Select(Subject)
            ),
            ReturnOutcome.WarehouseInactive => Lines(
                Reasons.WarehouseInactive,
                answer.Refusals,
                _ => "is at an inactive warehouse, which takes nothing in"
            ),
            ReturnOutcome.TooMuch => Lines(
                Reasons.OnHandLimit,
                answer.Refusals,
                _ => "would have more on hand than can be counted, 2^53 - 1"
            ),
            ReturnOutcome.Overloaded => Faults.Overloaded,
        };

    private static ApiError Lines(string reason, IReadOnlyList<PartRefusal> lines, Func<PartRefusal, string> describe)
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
        var more = lines.Count == 1 ? "." : $", and {lines.Count - 1} more.";
        List<KeyValuePair<string, string>> metadata = [new("sku", lines[0].Sku)];
        if (reason is Reasons.ReservationQuantity or Reasons.InsufficientStock)
        {
            metadata.Add(new("requested", lines[0].Requested.ToString(CultureInfo.InvariantCulture)));
            metadata.Add(new("available", lines[0].Available.ToString(CultureInfo.InvariantCulture)));
        }

        var message = $"{Subject(lines[0])} {describe(lines[0])}{more}";
        return new(StatusCode.FailedPrecondition, reason, message, metadata, failure);
    }

    private static string Subject(PartRefusal line) =>
        line.Warehouse is null ? line.Sku : $"{line.Sku}@{line.Warehouse}";

    private static string Numbers(PartRefusal line, string format) =>
        $"has {line.Available.ToString(CultureInfo.InvariantCulture)} "
        + string.Format(CultureInfo.InvariantCulture, format, line.Requested);
}
