using Google.Protobuf.Collections;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Daily;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>Rules for requests of the journal. All that is wrong is said at once.</summary>
internal static class JournalRules
{
    private const int KindsMax = 100;
    private const int NoteLengthMax = 200;
    private const int PageSizeMax = 1_000;

    /// <summary>A token's issuer and subject may be long.</summary>
    private const int ActorLengthMax = 512;

    public static ApiError? Check(ListTransactionsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListTransactions.PageSizeMax, request.PageToken, ref violations);
        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        violations.Add(
            "reservation_id",
            request.ReservationId.Length == 0 ? null : ReservationRules.ReservationId(request.ReservationId)
        );
        violations.Add("actor", TextRules.Optional(request.Actor, ActorLengthMax));
        violations.Add("trace_id", TextRules.TraceId(request.TraceId));
        CheckKinds(request.Kinds, ref violations);
        violations.Add("start_time", TimeRules.Valid(request.StartTime));
        violations.Add("end_time", TimeRules.Valid(request.EndTime));
        return violations.Error;
    }

    public static ApiError? Check(GetInventoryAtRequest request)
    {
        var violations = new Violations();
        violations.Add("time", request.Time is null ? Problem.Required : TimeRules.Valid(request.Time));
        if (request.InventoryId.Length > 0)
        {
            violations.Add("inventory_id", InventoryId(request));
        }

        violations.Add("sku", TextRules.Optional(request.Sku, TextRules.KeyLengthMax));
        violations.Add(
            "warehouse",
            request.InventoryId.Length + request.Sku.Length == 0
                ? TextRules.Key(request.Warehouse)
                : TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax)
        );
        PageRules.Check(request.PageSize, PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(CreateSnapshotRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("note", TextRules.Optional(request.Note, NoteLengthMax));
        return violations.Error;
    }

    public static ApiError? Check(ListSnapshotsRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(ListDailyStockRequest request)
    {
        var violations = new Violations();
        violations.Add("sku", TextRules.Key(request.Sku));
        violations.Add("warehouse", TextRules.Optional(request.Warehouse, TextRules.KeyLengthMax));
        var begin = Day(request.StartDay, out var start);
        violations.Add("start_day", begin);
        var end = Day(request.EndDay, out var last);
        var days = last.DayNumber - start.DayNumber + 1;
        violations.Add(
            "end_day",
            begin is null && end is null && days is < 1 or > ListDailyStock.DaysMax
                ? Problem.OutOfRange($"from start_day on, at most {ListDailyStock.DaysMax} days in all")
                : end
        );
        PageRules.Check(request.PageSize, PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    private static Problem? InventoryId(GetInventoryAtRequest request) =>
        request.Sku.Length + request.Warehouse.Length > 0
            ? Problem.Conflict("stands alone, without sku and warehouse")
            : TextRules.Key(request.InventoryId)
                ?? (
                    PublicId.TryParseStock(request.InventoryId, out _)
                        ? null
                        : Problem.Format($"an inventory_id, which begins with {PublicId.StockPrefix}")
                );

    private static Problem? Day(string text, out DateOnly day)
    {
        day = default;
        return text.Length == 0 ? Problem.Required
            : DayText.TryParse(text, out day) ? null
            : Problem.Format("a day, as 2026-01-31");
    }

    public static ApiError? Check(StreamTransactionsRequest request)
    {
        var violations = new Violations();
        AvailabilityRules.CheckKeys("skus", request.Skus, 0, StreamTransactions.SkusMax, ref violations);
        AvailabilityRules.CheckWarehouses(request.Warehouses, ref violations);
        CheckKinds(request.Kinds, ref violations);
        violations.Add("resume_token", TextRules.ResumeToken(request.ResumeToken));
        if (request.FromBeginning && request.ResumeToken.Length > 0)
        {
            violations.Add(
                "from_beginning",
                Problem.Conflict("cannot be with a resume_token, which says where to begin")
            );
        }

        return violations.Error;
    }

    private static void CheckKinds(RepeatedField<TransactionKind> kinds, ref Violations violations)
    {
        if (kinds.Count > KindsMax)
        {
            violations.Add("kinds", Problem.OutOfRange($"at most {KindsMax}"));
            return;
        }

        for (var i = 0; i < kinds.Count; i++)
        {
            var isKind = kinds[i] != TransactionKind.Unspecified && Enum.IsDefined(kinds[i]);
            violations.Add($"kinds[{i}]", isKind ? null : Problem.UnknownValue);
        }
    }
}
