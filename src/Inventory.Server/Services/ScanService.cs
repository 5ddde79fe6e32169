using System.Globalization;
using Grpc.Core;
using Inventory.Engine.Catalog;
using Inventory.Engine.Catalog.Identifiers;
using Inventory.Engine.Database;
using Inventory.Server.Errors;
using Inventory.Server.Validation;
using Inventory.V1;
using WireForm = Inventory.V1.IdentifierForm;

namespace Inventory.Server.Services;

/// <summary>Validates, calls the engine, and says what came of it.</summary>
internal sealed class ScanService(GetInventoryItem items, TimeProvider time) : V1.ScanService.ScanServiceBase
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
