using Google.Protobuf.Collections;
using Inventory.Engine.Reservations;
using Inventory.Server.Errors;
using Inventory.V1;
using ReserveFill = Inventory.V1.ReserveFill;
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
        Check(request, "", ref violations);
        return violations.Error;
    }

    public static ApiError? Check(ExplainReservationRequest request)
    {
        var violations = new Violations();
        switch (request.SubjectCase)
        {
            case ExplainReservationRequest.SubjectOneofCase.ReservationId:
                violations.Add("reservation_id", ReservationId(request.ReservationId));
                break;
            case ExplainReservationRequest.SubjectOneofCase.Reserve:
                Check(request.Reserve, "reserve.", ref violations);
                break;
            case ExplainReservationRequest.SubjectOneofCase.None:
                violations.Add("subject", Problem.Required);
                break;
        }

        return violations.Error;
    }

    public static ApiError? Check(GetReservationRequest request) => CheckId(request.ReservationId);

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

    public static ApiError? Check(WatchReservationsRequest request)
    {
        var violations = new Violations();
        var count = request.ReservationIds.Count + request.OrderIds.Count;
        if (count is 0 or > WatchReservations.NamesMax)
        {
            violations.Add(
                "reservation_ids",
                count == 0
                    ? Problem.Conflict("or order_ids is required")
                    : Problem.OutOfRange($"at most {WatchReservations.NamesMax}, together with order_ids")
            );
        }
        else
        {
            for (var i = 0; i < request.ReservationIds.Count; i++)
            {
                violations.Add($"reservation_ids[{i}]", ReservationId(request.ReservationIds[i]));
            }

            for (var i = 0; i < request.OrderIds.Count; i++)
            {
                violations.Add($"order_ids[{i}]", TextRules.Key(request.OrderIds[i]));
            }
        }

        violations.Add("resume_token", TextRules.ResumeToken(request.ResumeToken));
        return violations.Error;
    }

    /// <param name="request">A request, or a part of one.</param>
    /// <param name="path">Where it stands: empty, or what its fields' names begin with.</param>
    /// <param name="violations">What is wrong.</param>
    private static void Check(ReserveInventoryRequest request, string path, ref Violations violations)
    {
        if (TextRules.RequestId(request.RequestId) is { } requestId)
        {
            violations.Add($"{path}request_id", requestId);
        }

        if (TextRules.Optional(request.OrderId, TextRules.KeyLengthMax) is { } orderId)
        {
            violations.Add($"{path}order_id", orderId);
        }

        CheckLines(request.Lines, request.Fill, path, ref violations);
        if (HoldFor(request) is { } holdFor)
        {
            violations.Add($"{path}hold_for", holdFor);
        }

        if (!Enum.IsDefined(request.Source))
        {
            violations.Add($"{path}source", Problem.UnknownValue);
        }

        if (!Enum.IsDefined(request.Fill))
        {
            violations.Add($"{path}fill", Problem.UnknownValue);
        }

        CheckShortage(request, path, ref violations);
    }

    private static void CheckShortage(ReserveInventoryRequest request, string path, ref Violations violations)
    {
        if (!Enum.IsDefined(request.Shortage))
        {
            violations.Add($"{path}shortage", Problem.UnknownValue);
        }

        var waits = request.Shortage == ReserveShortage.Wait;
        if (waits && request.Fill is ReserveFill.WholeLines or ReserveFill.BestEffort)
        {
            violations.Add($"{path}shortage", Problem.Conflict("WAIT is only for fill ALL_OR_NOTHING"));
        }

        if (request.WaitFor is not null && !waits)
        {
            violations.Add($"{path}wait_for", Problem.Conflict("is only for shortage WAIT"));
        }
        else if (
            TimeRules.Between(request.WaitFor, 1, ReserveRequest.WaitMsMax / 1_000, "1 second to 30 days") is { } wrong
        )
        {
            violations.Add($"{path}wait_for", wrong);
        }
    }

    private static Problem? HoldFor(ReserveInventoryRequest request) =>
        TimeRules.Between(
            request.HoldFor,
            ReserveRequest.HoldMsMin / 1_000,
            ReserveRequest.HoldMsMax / 1_000,
            "1 second to 24 hours"
        );

    private static void CheckLines(
        RepeatedField<ReserveLine> lines,
        ReserveFill fill,
        string path,
        ref Violations violations
    )
    {
        if (lines.Count is 0 or > ReserveRequest.LinesMax)
        {
            violations.Add(
                $"{path}lines",
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
            if (sku is not null || quantity is not null || warehouse is not null || line.MinQuantity != 0)
            {
                violations.Add($"{path}lines[{i}].sku", sku);
                violations.Add($"{path}lines[{i}].quantity", quantity);
                violations.Add($"{path}lines[{i}].warehouse", warehouse);
                violations.Add($"{path}lines[{i}].min_quantity", MinQuantity(line, fill));
            }
        }
    }

    private static Problem? MinQuantity(ReserveLine line, ReserveFill fill) =>
        line.MinQuantity == 0 ? null
        : fill != ReserveFill.BestEffort ? Problem.Conflict("is only for fill BEST_EFFORT")
        : line.MinQuantity < 0 || line.MinQuantity > line.Quantity ? Problem.OutOfRange("0 to quantity")
        : null;

    private static ApiError? CheckId(string reservationId)
    {
        var violations = new Violations();
        violations.Add("reservation_id", ReservationId(reservationId));
        return violations.Error;
    }

    internal static Problem? ReservationId(string value) =>
        value.Length == 0 ? Problem.Required
        : Guid.TryParseExact(value, "D", out _) ? null
        : Problem.Format("an id that this server made: a UUID with hyphens");
}
