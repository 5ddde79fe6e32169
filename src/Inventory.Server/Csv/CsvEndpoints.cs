using Inventory.Server.Hosting;
using Inventory.Server.Rest;
using Inventory.Server.Security;
using Microsoft.AspNetCore.Mvc;

namespace Inventory.Server.Csv;

/// <summary>Stock in and out as CSV, on the HTTP port: for people, spreadsheets and nightly files.</summary>
internal static class CsvEndpoints
{
    public const string ImportPath = "/v1/inventory/import";
    public const string ExportPath = "/v1/inventory/export";
    public const string ReportPath = "/v1/reports/export";
    public const string ContentType = "text/csv";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<ServerOptions>();
        endpoints
            .MapPost(ImportPath, (HttpContext context, InventoryImport import) => import.AnswerAsync(context))
            .WithMetadata(new RequestSizeLimitAttribute(options.ImportBytes), Access.Of(Scopes.StockWrite));
        endpoints
            .MapRead(ExportPath, (HttpContext context, InventoryExport export) => export.AnswerAsync(context))
            .WithMetadata(Access.Of(Scopes.StockRead));
        endpoints
            .MapRead(ReportPath, (HttpContext context, ReportExport export) => export.AnswerAsync(context))
            .WithMetadata(Access.Of(Scopes.ReportsRead));
    }
}
