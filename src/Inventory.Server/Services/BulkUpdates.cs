using Grpc.Core;
using Inventory.Engine.Stock.Bulk;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Validation;
using Inventory.V1;
using BulkOutcome = Inventory.Engine.Stock.Bulk.BulkOutcome;

namespace Inventory.Server.Services;

/// <summary>The two forms of the bulk update.</summary>
internal sealed class BulkUpdates(BulkEditStock bulk, Drain drain)
{
    public async Task<BulkUpdateInventoryResponse> UpdateAsync(
        BulkUpdateInventoryRequest request,
        ServerCallContext context
    )
    {
        if (BulkRules.Check(request) is { } wrong)
        {
            return context.Refuse<BulkUpdateInventoryResponse>(wrong);
        }

        var call = BulkMessages.Call(Callers.Of(context), request.RequestId, request.OnError, everyRow: true);
        using var lines = bulk.Gather(call);
        var refused = new List<(int Index, ApiError Error)>();
        var areChecked = request.OnError != V1.BulkOnError.Continue;
        await GatherAsync(request.Rows, lines, refused, areChecked, context.CancellationToken);
        var answer = await bulk.ExecuteAsync(lines, context.CancellationToken);
        if (BulkMessages.Refusal(answer.Outcome, call.RequestId, bulk.RowsMax) is { } refusal)
        {
            return context.Refuse<BulkUpdateInventoryResponse>(refusal);
        }

        var response = new BulkUpdateInventoryResponse
        {
            Outcome = BulkMessages.ToWire(answer.Outcome),
            AppliedCount = answer.AppliedCount,
            RefusedCount = answer.RefusedCount + lines.UnsoundCount,
            Replayed = answer.Replayed,
            RequestId = call.RequestId,
        };
        response.Results.AddRange(Results(answer, refused));
        return response;
    }

    public async Task<BulkUpdateInventoryStreamResponse> UpdateAsync(
        IAsyncStreamReader<BulkUpdateInventoryStreamRequest> parts,
        ServerCallContext context
    )
    {
        BulkUpdateInventoryStreamRequest? first = null;
        BulkLines? lines = null;
        var refused = new List<(int Index, ApiError Error)>();
        try
        {
            await foreach (var part in parts.ReadUntilDrainAsync(drain, context))
            {
                first ??= part;
                if (BulkRules.Check(part, first) is { } wrong)
                {
                    return context.Refuse<BulkUpdateInventoryStreamResponse>(wrong);
                }

                lines ??= bulk.Gather(
                    BulkMessages.Call(Callers.Of(context), first.RequestId, first.OnError, everyRow: false)
                );
                if (!await GatherAsync(part.Rows, lines, refused, areChecked: false, context.CancellationToken))
                {
                    break;
                }
            }

            if (drain.Begun.IsCancellationRequested && context.Status.StatusCode == StatusCode.Unavailable)
            {
                return context.Refuse<BulkUpdateInventoryStreamResponse>(Faults.Draining);
            }

            return lines is null or { Count: 0, Refused: null }
                ? context.Refuse<BulkUpdateInventoryStreamResponse>(BulkRules.Empty())
                : await AnswerAsync(lines, refused, context);
        }
        finally
        {
            lines?.Dispose();
        }
    }

    private async Task<BulkUpdateInventoryStreamResponse> AnswerAsync(
        BulkLines lines,
        List<(int Index, ApiError Error)> refused,
        ServerCallContext context
    )
    {
        var answer = await bulk.ExecuteAsync(lines, context.CancellationToken);
        if (BulkMessages.Refusal(answer.Outcome, lines.Call.RequestId, bulk.RowsMax) is { } refusal)
        {
            return context.Refuse<BulkUpdateInventoryStreamResponse>(refusal);
        }

        var response = new BulkUpdateInventoryStreamResponse
        {
            Outcome = BulkMessages.ToWire(answer.Outcome),
            AppliedCount = answer.AppliedCount,
            RefusedCount = answer.RefusedCount + lines.UnsoundCount,
            Replayed = answer.Replayed,
            RequestId = lines.Call.RequestId,
        };
        response.Refused.AddRange(Results(answer, refused).Take(BulkEditStock.ListedMax));
        return response;
    }

    /// <returns>Whether more rows may come.</returns>
    private static async ValueTask<bool> GatherAsync(
        IEnumerable<BulkUpdateRow> rows,
        BulkLines lines,
        List<(int Index, ApiError Error)> refused,
        bool areChecked,
        CancellationToken cancellation
    )
    {
        foreach (var row in rows)
        {
            var wrong = areChecked ? null : BulkRules.Check(row, lines.Count);
            if (wrong is not null && refused.Count < BulkEditStock.ListedMax)
            {
                refused.Add((lines.Count, wrong));
            }

            var taken = wrong is null ? BulkMessages.Sound(row) : BulkMessages.Unsound(row);
            if (!await lines.AddAsync(taken, cancellation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What the engine tells of, and what never came so far, in the order of the rows.</summary>
    private static IEnumerable<BulkUpdateResult> Results(
        BulkAnswer answer,
        IEnumerable<(int Index, ApiError Error)> unsound
    )
    {
        var errors = new RowErrors();
        var isApplied = answer.Outcome != BulkOutcome.Aborted;
        var told = answer.Results.Select(r => (r.Index, Error: BulkMessages.Refusal(r), Result: (BulkResult?)r));
        var wrong = unsound.Select(u => (u.Index, Error: (ApiError?)u.Error, Result: (BulkResult?)null));
        return told.Concat(wrong)
            .OrderBy(r => r.Index)
            .Select(r =>
                r.Error is { } error ? errors.Result(r.Index, error) : BulkMessages.ToWire(r.Result!, isApplied)
            );
    }
}
