using System.Text.Json;
using Inventory.Engine.Database;
using Inventory.Engine.Stock.Bulk;
using Inventory.Server.Errors;
using Inventory.Server.Security;
using Inventory.Server.Services;
using Inventory.Server.Validation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Inventory.Server.Csv;

/// <summary>
/// POST /v1/inventory/import: the lines of a file as one bulk update. Nothing is applied before the last line has been
/// read. Idempotency-Key is the request id; dry_run says what would be.
/// </summary>
internal sealed class InventoryImport(
    BulkEditStock bulk,
    AccessAudit audit,
    Actors actors,
    ILogger<InventoryImport> logger
)
{
    private const string KeyHeader = "Idempotency-Key";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly ApiError NotCsv = new(
        Grpc.Core.StatusCode.InvalidArgument,
        Reasons.ContentTypeUnsupported,
        $"The body must be {CsvEndpoints.ContentType} in UTF-8, and not compressed."
    );

    private static readonly ApiError LimitedCaller = new(
        Grpc.Core.StatusCode.PermissionDenied,
        Reasons.WarehouseNotPermitted,
        "You are limited to some warehouses, and a file may change any: use BulkUpdateInventory."
    );

    public Task AnswerAsync(HttpContext context) =>
        HttpErrors.GuardAsync(context, logger, () => ImportAsync(context, context.RequestAborted));

    private async Task ImportAsync(HttpContext context, CancellationToken cancellation)
    {
        if (!IsCsv(context.Request))
        {
            await HttpErrors.WriteAsync(context, NotCsv, StatusCodes.Status415UnsupportedMediaType);
            return;
        }

        var caller = context.Features.GetRequiredFeature<Caller>();
        if (caller.Warehouses is not null)
        {
            // Which warehouses a file changes is known when it has been read, which is too late to begin.
            audit.Note(context, caller, CsvEndpoints.ImportPath, LimitedCaller);
            await HttpErrors.WriteAsync(context, LimitedCaller, StatusCodes.Status403Forbidden);
            return;
        }

        await actors.KnowAsync(context, cancellation);
        if (ReadCall(context.Request, Callers.Of(context), out var call) is { } wrong)
        {
            await HttpErrors.WriteAsync(context, wrong);
            return;
        }

        using var file = new ImportFile(context.Request.Body);
        var (columns, wrongHeader) = await file.ReadHeaderAsync(cancellation);
        if (wrongHeader is not null)
        {
            await HttpErrors.WriteAsync(context, wrongHeader);
            return;
        }

        using var rows = bulk.Gather(call);
        await file.ReadAsync(columns, rows, cancellation);
        if (rows is { Count: 0, IsCutShort: false })
        {
            await HttpErrors.WriteAsync(context, BulkRules.Empty());
            return;
        }

        var answer = await bulk.ExecuteAsync(rows, cancellation);
        if (BulkMessages.Refusal(answer.Outcome, call.RequestId, bulk.RowsMax) is { } refusal)
        {
            await HttpErrors.WriteAsync(context, refusal);
            return;
        }

        context.Response.StatusCode =
            answer.Outcome == BulkOutcome.Aborted ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        await context.Response.WriteAsJsonAsync(Report(rows, answer, file), Json, cancellation);
    }

    private static bool IsCsv(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(CsvEndpoints.ContentType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;

    private static ApiError? ReadCall(HttpRequest request, Actor caller, out BulkEdit call)
    {
        var query = new QueryReader(request.Query);
        var isDryRun = query.Flag("dry_run");
        var onError = query.Text("on_error")?.ToUpperInvariant();
        var isOnError = onError is null or "ABORT" or "CONTINUE";
        query.Add("on_error", isOnError ? null : Problem.Format("ABORT or CONTINUE"));
        var key = request.Headers[KeyHeader];
        query.Add(KeyHeader, key.Count > 1 ? Problem.Conflict("is given more than once") : null);
        query.Add(KeyHeader, TextRules.OptionalRequestId(key.ToString()));
        var wire = onError == "CONTINUE" ? V1.BulkOnError.Continue : V1.BulkOnError.Abort;
        call = BulkMessages.Call(caller, key.ToString(), wire, everyRow: false) with { DryRun = isDryRun };
        return query.Error;
    }

    private static ImportReport Report(BulkLines rows, BulkAnswer answer, ImportFile file)
    {
        var refused = answer
            .Results.Select(r => (r.Index, Error: BulkMessages.Refusal(r)))
            .Where(r => r.Error is not null)
            .Select(r => ImportReport.Refused(file.Lines[r.Index], r.Error!));
        var errors = file.Problems.Concat(refused).OrderBy(e => e.Line).ToList();
        var unlisted = file.Unlisted + answer.RefusedCount - answer.Results.Count;
        if (errors.Count > BulkEditStock.ListedMax)
        {
            unlisted += errors.Skip(BulkEditStock.ListedMax).Select(e => e.Line).Distinct().Count();
            errors.RemoveRange(BulkEditStock.ListedMax, errors.Count - BulkEditStock.ListedMax);
        }

        return new(
            rows.Call.RequestId,
            rows.Call.DryRun,
            answer.Replayed,
            V1Name(answer.Outcome),
            rows.Count,
            answer.AppliedCount,
            answer.RefusedCount + rows.UnsoundCount,
            errors,
            unlisted
        );
    }

    private static string V1Name(BulkOutcome outcome) =>
        outcome switch
        {
            BulkOutcome.Applied => "APPLIED",
            BulkOutcome.WithRefusals => "WITH_REFUSALS",
            BulkOutcome.Aborted => "ABORTED",
            BulkOutcome.RequestIdReused or BulkOutcome.Overloaded or BulkOutcome.TooManyRows =>
                throw new InvalidOperationException($"{outcome} is answered by a status."),
        };
}
