using CsvHelper;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Server.Errors;
using Inventory.Server.Validation;

namespace Inventory.Server.Csv;

/// <summary>
/// GET /v1/inventory/export: all stock, or that of one warehouse, a row a line, as it is read. What it writes can be
/// edited and imported again.
/// </summary>
internal sealed class InventoryExport(ExportStock export, StockDirectory directory, ILogger<InventoryExport> logger)
{
    private static readonly string[] Columns =
    [
        "sku",
        "warehouse",
        "on_hand",
        "reserved",
        "damaged",
        "quality_control",
        "in_transit",
        "safety_stock",
        "available",
        "version",
    ];

    /// <summary>As all files are written here.</summary>
    internal static readonly CsvWriterOptions Format = new()
    {
        // A reader that trims keeps what is quoted.
        Quoting = CsvQuoting.WhenNeededOrWhitespace,
        Injection = CsvInjection.Escape,
        InjectionCharacters = SheetText.FormulaCharacters,
        InjectionEscape = SheetText.Apostrophe,
    };

    public Task AnswerAsync(HttpContext context) =>
        HttpErrors.GuardAsync(context, logger, () => WriteAsync(context, context.RequestAborted));

    private async Task WriteAsync(HttpContext context, CancellationToken cancellation)
    {
        var query = new QueryReader(context.Request.Query);
        var code = query.Text("warehouse");
        if (code is not null)
        {
            query.Add("warehouse", TextRules.Key(code));
        }

        if (query.Error is { } wrong)
        {
            await HttpErrors.WriteAsync(context, wrong);
            return;
        }

        var warehouse = code is null ? null : await directory.FindWarehouseAsync(code, cancellation);
        if (code is not null && warehouse is null)
        {
            await HttpErrors.WriteAsync(context, CommonErrors.WarehouseUnknown(code));
            return;
        }

        var response = context.Response;
        await using var csv = CsvWriter.Create(response.Body, Format, leaveOpen: true);
        var isBegun = false;
        await foreach (var page in export.ExecuteAsync(warehouse, cancellation))
        {
            // Only now: a database that is away is a status, not an empty file.
            isBegun = isBegun || Begin();
            foreach (var stock in page)
            {
                Write(csv, stock);
                await csv.EndRecordAsync(cancellation);
            }
        }

        _ = isBegun || Begin();
        await csv.FlushAsync(cancellation);

        bool Begin()
        {
            response.ContentType = $"{CsvEndpoints.ContentType}; charset=utf-8; header=present";
            response.Headers.ContentDisposition = "attachment; filename=\"inventory.csv\"";
            response.Headers.CacheControl = "no-store";
            csv.WriteHeader(Columns);
            return true;
        }
    }

    private static void Write(CsvWriter csv, StockRecord stock)
    {
        csv.WriteField(SheetText.Write(stock.Sku));
        csv.WriteField(SheetText.Write(stock.Warehouse));
        csv.WriteField(stock.OnHand);
        csv.WriteField(stock.Reserved);
        csv.WriteField(stock.Damaged);
        csv.WriteField(stock.QualityControl);
        csv.WriteField(stock.InTransit);
        csv.WriteField(stock.SafetyStock);
        csv.WriteField(Math.Max(0, stock.Available));
        csv.WriteField(stock.Revision);
    }
}
