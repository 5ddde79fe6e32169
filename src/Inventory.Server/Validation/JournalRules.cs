using Inventory.Engine.Journal;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>Rules for requests of the journal. All that is wrong is said at once.</summary>
internal static class JournalRules
{
    private const int KindsMax = 100;

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
        violations.Add("trace_id", TraceId(request.TraceId));
        CheckKinds(request, ref violations);
        violations.Add("start_time", TimeRules.Valid(request.StartTime));
        violations.Add("end_time", TimeRules.Valid(request.EndTime));
        return violations.Error;
    }

    private static Problem? TraceId(string text) =>
        text.Length == 0 || Guid.TryParseExact(text, "N", out _)
            ? null
            : Problem.Format("a W3C trace id, 32 hexadecimal digits");

    private static void CheckKinds(ListTransactionsRequest request, ref Violations violations)
    {
        if (request.Kinds.Count > KindsMax)
        {
            violations.Add("kinds", Problem.OutOfRange($"at most {KindsMax}"));
            return;
        }

        for (var i = 0; i < request.Kinds.Count; i++)
        {
            var isKind = request.Kinds[i] != TransactionKind.Unspecified && Enum.IsDefined(request.Kinds[i]);
            violations.Add($"kinds[{i}]", isKind ? null : Problem.UnknownValue);
        }
    }
}
