using Inventory.Engine.Database;
using Inventory.Engine.Replenishment;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>A step that a request asks for, with what is wrong with it, if anything is.</summary>
/// <param name="Step">As the engine is to have it; of a request that is wrong it is not to be used.</param>
/// <param name="Wrong">Null when all is well.</param>
internal sealed record ReorderSteps(ReorderStep Step, ApiError? Wrong)
{
    public static ReorderSteps Of(ApproveReorderRequest request, Actor caller) =>
        new Asked(request.RequestId, request.ReorderId, request.Reason, request.Note, caller).To(
            ReorderStepKind.Approve,
            request.HasExpectedVersion ? request.ExpectedVersion : null,
            request.HasQuantity ? request.Quantity : null
        );

    public static ReorderSteps Of(RejectReorderRequest request, Actor caller) =>
        new Asked(request.RequestId, request.ReorderId, request.Reason, request.Note, caller).To(
            ReorderStepKind.Reject,
            request.HasExpectedVersion ? request.ExpectedVersion : null
        );

    public static ReorderSteps Of(ReceiveReorderRequest request, Actor caller) =>
        new Asked(request.RequestId, request.ReorderId, request.Reason, request.Note, caller).To(
            ReorderStepKind.Receive,
            request.HasExpectedVersion ? request.ExpectedVersion : null,
            request.HasQuantity ? request.Quantity : null,
            request.AllowExcess
        );

    public static ReorderSteps Of(CancelReorderRequest request, Actor caller) =>
        new Asked(request.RequestId, request.ReorderId, request.Reason, request.Note, caller).To(
            ReorderStepKind.Cancel,
            request.HasExpectedVersion ? request.ExpectedVersion : null
        );

    public static ReorderSteps Of(CloseReorderRequest request, Actor caller) =>
        new Asked(request.RequestId, request.ReorderId, request.Reason, request.Note, caller).To(
            ReorderStepKind.Close,
            request.HasExpectedVersion ? request.ExpectedVersion : null
        );

    /// <summary>What each step has.</summary>
    private sealed record Asked(string RequestId, string ReorderId, string Reason, string Note, Actor Caller)
    {
        internal ReorderSteps To(
            ReorderStepKind kind,
            long? expectedVersion,
            long? quantity = null,
            bool allowsExcess = false
        )
        {
            var step = new ReorderStep
            {
                Caller = Caller,
                RequestId = RequestIds.OrMade(RequestId),
                ReorderId = Guid.TryParse(ReorderId, out var id) ? id : Guid.Empty,
                Kind = kind,
                Quantity = quantity,
                AllowsExcess = allowsExcess,
                ExpectedVersion = expectedVersion,
                Reason =
                    Reason.Length == 0 ? null
                    : Note.Length == 0 ? Reason
                    : $"{Reason}: {Note}",
            };
            return new(step, ReplenishmentRules.Check(step, RequestId, ReorderId, Reason, Note));
        }
    }
}
