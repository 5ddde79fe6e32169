using Google.Protobuf.Collections;
using Inventory.Engine.Reservations;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request to end a hold, to fulfill it or to return its goods must be. Each answers null when all is well.
/// </summary>
internal static class PartRules
{
    private const int TrackingLengthMax = 100;
    private const int NoteLengthMax = 500;

    public static ApiError? Check(ConfirmReservationRequest request)
    {
        var violations = new Violations();
        violations.Add("reservation_id", ReservationRules.ReservationId(request.ReservationId));
        CheckPart(request.RequestId, request.Lines, ref violations);
        violations.Add("remainder", Enum.IsDefined(request.Remainder) ? null : Problem.UnknownValue);
        if (request.Remainder == Remainder.Keep && request.Lines.Count == 0)
        {
            violations.Add(
                "remainder",
                Problem.Conflict("says what becomes of the rest, and there is none without lines")
            );
        }

        violations.Add("late", Enum.IsDefined(request.Late) ? null : Problem.UnknownValue);
        return violations.Error;
    }

    public static ApiError? Check(CancelReservationRequest request)
    {
        var violations = new Violations();
        violations.Add("reservation_id", ReservationRules.ReservationId(request.ReservationId));
        violations.Add("cause", Enum.IsDefined(request.Cause) ? null : Problem.UnknownValue);
        CheckPart(request.RequestId, request.Lines, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(FulfillReservationRequest request)
    {
        var violations = new Violations();
        violations.Add("reservation_id", ReservationRules.ReservationId(request.ReservationId));
        violations.Add("tracking", TextRules.Optional(request.Tracking, TrackingLengthMax));
        violations.Add("note", TextRules.Optional(request.Note, NoteLengthMax));
        return violations.Error;
    }

    public static ApiError? Check(ReturnInventoryRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("reservation_id", ReservationRules.ReservationId(request.ReservationId));
        violations.Add("lines", request.Lines.Count == 0 ? Problem.Required : Count(request.Lines.Count));
        for (var i = 0; i < Math.Min(request.Lines.Count, ReserveRequest.LinesMax); i++)
        {
            var line = request.Lines[i];
            CheckLine(i, line.Sku, line.Quantity, line.Warehouse, ref violations);
            violations.Add($"lines[{i}].condition", Enum.IsDefined(line.Condition) ? null : Problem.UnknownValue);
        }

        StockRules.CheckReason(request.Reason, request.Note, ref violations);
        return violations.Error;
    }

    private static void CheckPart(string requestId, RepeatedField<ReservationPart> lines, ref Violations violations)
    {
        violations.Add(
            "request_id",
            lines.Count == 0 ? TextRules.OptionalRequestId(requestId) : TextRules.RequestId(requestId)
        );
        violations.Add("lines", Count(lines.Count));
        // Ten thousand lines are wrong once, not ten thousand times.
        for (var i = 0; i < lines.Count && lines.Count <= ReserveRequest.LinesMax; i++)
        {
            CheckLine(i, lines[i].Sku, lines[i].Quantity, lines[i].Warehouse, ref violations);
        }
    }

    private static Problem? Count(int lines) =>
        lines <= ReserveRequest.LinesMax ? null : Problem.OutOfRange($"at most {ReserveRequest.LinesMax} lines");

    private static void CheckLine(int index, string sku, long quantity, string warehouse, ref Violations violations)
    {
        violations.Add($"lines[{index}].sku", TextRules.Key(sku));
        violations.Add($"lines[{index}].quantity", NumberRules.QuantityToReserve(quantity));
        violations.Add($"lines[{index}].warehouse", TextRules.Optional(warehouse, TextRules.KeyLengthMax));
    }
}
