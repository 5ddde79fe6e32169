using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace Inventory.Server.Tests.Csv;

public abstract class CsvFixture : ServerFixture
{
    protected const string Main = Given.MainWarehouse;
    protected const int RowsMax = 5_000;

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(
            fresh.ConnectionString,
            (Setting.BulkRows, $"{RowsMax}"),
            (Setting.ImportMegabytes, "1")
        );

    protected Task<Report> Import(
        string file,
        string query = "",
        string? key = null,
        string contentType = "text/csv"
    ) => Import(Encoding.UTF8.GetBytes(file), query, key, contentType);

    protected async Task<Report> Import(
        byte[] file,
        string query = "",
        string? key = null,
        string contentType = "text/csv"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/inventory/import?{query}");
        request.Content = new ByteArrayContent(file);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (key is not null && key.All(char.IsAscii) && !key.Any(char.IsControl))
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await Server.Http.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    protected async Task<string> Export(string? warehouse = null)
    {
        var url = "/v1/inventory/export";
        using var response = await Server.Http.GetAsync(
            new Uri(
                warehouse is null ? url : QueryHelpers.AddQueryString(url, "warehouse", warehouse),
                UriKind.Relative
            )
        );
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    protected async Task<IReadOnlyList<string?>> Reasons(string sku)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        var rows = await connection.QueryAsync<string?>(
            """
            SELECT j.reason FROM journal j JOIN stock s USING (stock_id) JOIN item i USING (item_id)
            WHERE i.sku = @Sku ORDER BY j.position
            """,
            new { Sku = sku }
        );
        return rows.AsList();
    }

    /// <summary>An answer of the import: a report, or an error.</summary>
    protected sealed record Report(HttpStatusCode Status, string Body)
    {
        private JsonElement Json => JsonDocument.Parse(Body).RootElement;

        /// <summary>Of a report.</summary>
        public IEnumerable<(int Line, string? Field, string Reason)> Errors =>
            Json.GetProperty("errors")
                .EnumerateArray()
                .Select(e =>
                    (
                        e.GetProperty("line").GetInt32(),
                        e.GetProperty("field").GetString(),
                        e.GetProperty("reason").GetString()!
                    )
                );

        /// <summary>Of an error.</summary>
        public string Reason => Json.GetProperty("details")[0].GetProperty("reason").GetString()!;

        /// <summary>Of an error.</summary>
        public IEnumerable<(string Field, string Reason)> Fields =>
            Json.GetProperty("details")[1]
                .GetProperty("fieldViolations")
                .EnumerateArray()
                .Select(v => (v.GetProperty("field").GetString()!, v.GetProperty("reason").GetString()!));

        public string Text(string name) => Json.GetProperty(name).GetString()!;

        public int Number(string name) => Json.GetProperty(name).GetInt32();

        public bool Flag(string name) => Json.GetProperty(name).GetBoolean();
    }
}
