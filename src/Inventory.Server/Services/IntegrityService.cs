using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Engine.Database;
using Inventory.Engine.Integrity;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineLevels = Inventory.Engine.Integrity.RepairedLevels;
using EngineRepair = Inventory.Engine.Integrity.RepairStock;
using RepairedLevels = Inventory.V1.RepairedLevels;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class IntegrityService(ListFindings findings, EngineRepair repair)
    : V1.IntegrityService.IntegrityServiceBase
{
    public override async Task<ListInvariantFindingsResponse> ListInvariantFindings(
        ListInvariantFindingsRequest request,
        ServerCallContext context
    )
    {
        if (IntegrityRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListInvariantFindingsResponse>(wrong);
        }

        var page = await findings.ExecuteAsync(
            request.HasVerificationId ? request.VerificationId : null,
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return IntegrityErrors.Of(page, request.VerificationId) is { } refusal
            ? context.Refuse<ListInvariantFindingsResponse>(refusal)
            : new()
            {
                Verification = page.Verification is { } verification ? ToWire(verification) : null,
                Findings = { page.Findings.Select(ViolationMessages.ToWire) },
                NextPageToken = page.NextPageToken ?? "",
            };
    }

    public override async Task<RepairStockResponse> RepairStock(RepairStockRequest request, ServerCallContext context)
    {
        if (IntegrityRules.Check(request) is { } wrong)
        {
            return context.Refuse<RepairStockResponse>(wrong);
        }

        var asked = new StockRepair
        {
            Caller = Callers.Of(context),
            RequestId = RequestIds.OrMade(request.RequestId),
            StockId = PublicId.TryParseStock(request.InventoryId, out var id) ? id : null,
            Sku = request.Sku,
            Warehouse = request.Warehouse,
            Reason = request.Reason,
        };
        var answer = await repair.ExecuteAsync(asked, context.CancellationToken);
        return IntegrityErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<RepairStockResponse>(refusal)
            : new()
            {
                InventoryId = PublicId.Stock(answer.StockId!.Value),
                Mended = answer.Mended,
                Found = ToWire(answer.Found!),
                Repaired = ToWire(answer.Outcome == RepairOutcome.Sound ? answer.Found! : answer.True!),
                Replayed = answer.Outcome == RepairOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    private static V1.Verification ToWire(Engine.Integrity.Verification verification) =>
        new()
        {
            VerificationId = verification.VerificationId,
            StartTime = Timestamp.FromDateTime(verification.StartedAt),
            AsOf = Timestamp.FromDateTime(verification.AsOf),
            Elapsed = Duration.FromTimeSpan(verification.Elapsed),
            StockRows = verification.StockRows,
            Violations = verification.Violations,
        };

    private static RepairedLevels ToWire(EngineLevels levels) =>
        new()
        {
            OnHand = levels.OnHand,
            Reserved = levels.Reserved,
            Damaged = levels.Damaged,
            QualityControl = levels.QualityControl,
            InTransit = levels.InTransit,
            SafetyStock = levels.SafetyStock,
            Waiting = levels.Waiting,
            StockVersion = levels.Version,
        };
}
