using Google.Protobuf.Collections;
using Inventory.Engine.Reservations;
using Inventory.Server.Errors;
using Inventory.V1;
using ReserveLine = Inventory.V1.ReserveLine;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of ReservationService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class ReservationRules
{
    private const int PageTokenLengthMax = 200;

    public static ApiError? Check(ReserveInventoryRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.RequestId(request.RequestId));
        violations.Add("order_id", TextRules.Optional(request.OrderId, TextRules.KeyLengthMax));
        CheckLines(request.Lines, ref violations);
        violations.Add(
            "hold_for",
            TimeRules.Between(
                request.HoldFor,
                ReserveRequest.HoldMsMin / 1_000,
                ReserveRequest.HoldMsMax / 1_000,
                "1 second to 24 hours"
            )
        );
        return violations.Error;
    }

    public static ApiError? Check(ConfirmReservationRequest request) => CheckId(request.ReservationId);

    public static ApiError? Check(GetReservationRequest request) => CheckId(request.ReservationId);

    public static ApiError? Check(CancelReservationRequest request)
    {
        var violations = new Violations();
        violations.Add("reservation_id", ReservationId(request.ReservationId));
        violations.Add("cause", Enum.IsDefined(request.Cause) ? null : Problem.UnknownValue);
        return violations.Error;
    }

    public static ApiError? Check(ExtendReservationRequest request)
    {
        var violations = new Violations();
        violations.Add("reservation_id", ReservationId(request.ReservationId));
        violations.Add(
            "expire_time",
            request.ExpireTime is null ? Problem.Required : TimeRules.Valid(request.ExpireTime)
        );
        return violations.Error;
    }

    public static ApiError? Check(ListReservationsRequest request)
    {
        var violations = new Violations();
        var size = request.PageSize is >= 0 and <= ListReservations.PageSizeMax;
        violations.Add("page_size", size ? null : Problem.OutOfRange($"0 to {ListReservations.PageSizeMax}"));
        violations.Add("page_token", TextRules.Optional(request.PageToken, PageTokenLengthMax));
        violations.Add("order_id", TextRules.Optional(request.OrderId, TextRules.KeyLengthMax));
        violations.Add("state", Enum.IsDefined(request.State) ? null : Problem.UnknownValue);
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        violations.Add("expires_before", TimeRules.Valid(request.ExpiresBefore));
        violations.Add("expires_after", TimeRules.Valid(request.ExpiresAfter));
        return violations.Error;
    }

    private static void CheckLines(RepeatedField<ReserveLine> lines, ref Violations violations)
    {
        if (lines.Count is 0 or > ReserveRequest.LinesMax)
        {
            violations.Add(
                "lines",
                lines.Count == 0 ? Problem.Required : Problem.OutOfRange($"1 to {ReserveRequest.LinesMax} lines")
            );
            // Ten thousand lines are wrong once, not ten thousand times.
            return;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var (sku, quantity) = (TextRules.Key(line.Sku), NumberRules.QuantityToReserve(line.Quantity));
            var warehouse = TextRules.Optional(line.Warehouse, TextRules.KeyLengthMax);
            // The names are made only for lines that are wrong.
            if (sku is not null || quantity is not null || warehouse is not null)
            {
                violations.Add($"lines[{i}].sku", sku);
                violations.Add($"lines[{i}].quantity", quantity);
                violations.Add($"lines[{i}].warehouse", warehouse);
            }
        }
    }

    private static ApiError? CheckId(string reservationId)
    {
        var violations = new Violations();
        violations.Add("reservation_id", ReservationId(reservationId));
        return violations.Error;
    }

    private static Problem? ReservationId(string value) =>
        value.Length == 0 ? Problem.Required
        : Guid.TryParseExact(value, "D", out _) ? null
        : Problem.Format("an id that this server made: a UUID with hyphens");
}
