using Google.Protobuf.Collections;
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
        CheckKinds(request.Kinds, ref violations);
        violations.Add("start_time", TimeRules.Valid(request.StartTime));
        violations.Add("end_time", TimeRules.Valid(request.EndTime));
        return violations.Error;
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
