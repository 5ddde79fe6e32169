using System.Globalization;
using Grpc.Core;
using Inventory.Engine.Catalog;
using Inventory.Engine.Catalog.Identifiers;
using Inventory.Engine.Database;
using Inventory.Engine.Scans;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Validation;
using Inventory.V1;
using WireForm = Inventory.V1.IdentifierForm;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class ScanService(
    GetInventoryItem items,
    IngestScans ingest,
    ListScans list,
    SettleScan settle,
    Drain drain,
    TimeProvider time
) : V1.ScanService.ScanServiceBase
{
    public override async Task<ResolveIdentifierResponse> ResolveIdentifier(
        ResolveIdentifierRequest request,
        ServerCallContext context
    )
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var found = ParseIdentifier.Execute(request.Text, today, out var problem);
        if (found is null)
        {
            return context.Refuse<ResolveIdentifierResponse>(ScanRules.Unread(request, problem));
        }

        var item = found.Gtin is { } gtin ? (await items.ByBarcodeAsync(gtin, context.CancellationToken)).Item : null;
        return new()
        {
            Form = ToWire(found.Form),
            Gtin = found.Gtin?.ToString() ?? "",
            AssetType = found.AssetType ?? "",
            Serial = found.Serial ?? "",
            Batch = found.Batch ?? "",
            ExpireDate = found.ExpiresOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            Elements = { found.Elements.ToDictionary() },
            Sku = item?.Sku ?? "",
            ItemId = item is null ? "" : PublicId.Item(item.ItemId),
        };
    }

    public override async Task<IngestScansResponse> IngestScans(
        IAsyncStreamReader<IngestScansRequest> requestStream,
        ServerCallContext context
    )
    {
        var summary = new ScanSummary();
        await foreach (var request in requestStream.ReadUntilDrainAsync(drain, context))
        {
            if (ScanRules.Check(request, summary) is { } wrong)
            {
                return context.Refuse<IngestScansResponse>(wrong);
            }

            // One message after the other: the scans of a device keep their order.
            var now = time.GetUtcNow().UtcDateTime;
            var verdicts = await ingest.ExecuteAsync(
                Callers.Of(context),
                [.. request.Scans.Select(s => ScanReading.ToEngine(s, now))],
                context.CancellationToken
            );
            if (verdicts is null)
            {
                return context.Refuse<IngestScansResponse>(Faults.Overloaded);
            }

            summary.Add(request.Scans, verdicts);
        }

        return drain.Begun.IsCancellationRequested && context.Status.StatusCode == StatusCode.Unavailable
            ? context.Refuse<IngestScansResponse>(Faults.Draining)
            : summary.ToWire();
    }

    public override async Task<ListScansResponse> ListScans(ListScansRequest request, ServerCallContext context)
    {
        if (ScanRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListScansResponse>(wrong);
        }

        var answer = await list.ExecuteAsync(
            ScanMessages.ToEngine(request),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return ScanErrors.Of(answer) is { } refusal
            ? context.Refuse<ListScansResponse>(refusal)
            : new()
            {
                Scans = { answer.Scans.Select(ScanMessages.ToWire) },
                NextPageToken = answer.NextPageToken ?? "",
            };
    }

    public override async Task<RetryScanResponse> RetryScan(RetryScanRequest request, ServerCallContext context)
    {
        if (ScanRules.Check(request) is { } wrong)
        {
            return context.Refuse<RetryScanResponse>(wrong);
        }

        var asked = new ScanSettlement { Caller = Callers.Of(context), ScanId = Guid.Parse(request.ScanId) };
        var answer = await settle.ExecuteAsync(asked, context.CancellationToken);
        return ScanErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<RetryScanResponse>(refusal)
            : new()
            {
                Scan = ScanMessages.ToWire(answer.Scan!),
                Replayed = answer.Outcome == SettleScanOutcome.Replayed,
            };
    }

    public override async Task<ResolveScanResponse> ResolveScan(ResolveScanRequest request, ServerCallContext context)
    {
        if (ScanRules.Check(request) is { } wrong)
        {
            return context.Refuse<ResolveScanResponse>(wrong);
        }

        var asked = new ScanSettlement
        {
            Caller = Callers.Of(context),
            ScanId = Guid.Parse(request.ScanId),
            Sku = StockMessages.NullIfEmpty(request.Sku),
            Dismiss = request.Dismiss,
            Note = StockMessages.NullIfEmpty(request.Note),
        };
        var answer = await settle.ExecuteAsync(asked, context.CancellationToken);
        return ScanErrors.Of(answer, asked) is { } refusal
            ? context.Refuse<ResolveScanResponse>(refusal)
            : new()
            {
                Scan = ScanMessages.ToWire(answer.Scan!),
                Replayed = answer.Outcome == SettleScanOutcome.Replayed,
            };
    }

    private static WireForm ToWire(Engine.Catalog.Identifiers.IdentifierForm form) =>
        form switch
        {
            Engine.Catalog.Identifiers.IdentifierForm.Gtin => WireForm.Gtin,
            Engine.Catalog.Identifiers.IdentifierForm.ElementString => WireForm.ElementString,
            Engine.Catalog.Identifiers.IdentifierForm.DigitalLink => WireForm.DigitalLink,
            Engine.Catalog.Identifiers.IdentifierForm.Sgtin => WireForm.Sgtin,
            Engine.Catalog.Identifiers.IdentifierForm.Grai => WireForm.Grai,
        };
}
