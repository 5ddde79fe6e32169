using System.Globalization;
using CsvHelper;
using Inventory.V1;
using ReportColumn = Inventory.Engine.Reports.ReportColumn;
using ReportColumnType = Inventory.Engine.Reports.ReportColumnType;
using ReportHead = Inventory.Engine.Reports.ReportHead;
using ReportKind = Inventory.V1.ReportKind;
using ReportRows = Inventory.Engine.Reports.ReportRows;

namespace Inventory.Server.Csv;

/// <summary>A report as CSV, a row a line: what is exported and what is sent are the same bytes.</summary>
internal sealed class ReportFile : IAsyncDisposable
{
    public const string ContentType = $"{CsvEndpoints.ContentType}; charset=utf-8; header=present";

    /// <summary>With which the API spells all reports.</summary>
    public const string Prefix = "REPORT_KIND_";

    private readonly IReadOnlyList<ReportColumn> columns;
    private readonly CsvWriter csv;

    /// <summary>Writes the head.</summary>
    /// <param name="stream">Left open.</param>
    /// <param name="head">Its columns.</param>
    public ReportFile(Stream stream, ReportHead head)
    {
        columns = head.Columns;
        csv = CsvWriter.Create(stream, InventoryExport.Format, leaveOpen: true);
        csv.WriteHeader([.. columns.Select(c => c.Name)]);
    }

    /// <summary>Of a file, without the dot and what is behind it.</summary>
    public static string NameOf(ReportKind report) => Spelled(report).ToLowerInvariant();

    /// <summary>As the API spells it, without what all begin with.</summary>
    public static string Spelled(ReportKind report) =>
        ReportServiceReflection
            .Descriptor.EnumTypes.Single(e => e.Name == nameof(ReportKind))
            .FindValueByNumber((int)report)
            .Name[Prefix.Length..];

    /// <summary>Text may be a formula for a spreadsheet; a number with a minus before it is none.</summary>
    public async Task WriteAsync(ReportRows rows, CancellationToken cancellation)
    {
        foreach (var row in rows.Rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                switch (columns[i].Type)
                {
                    case ReportColumnType.WholeNumber when row[i].Length > 0:
                        csv.WriteField(long.Parse(row[i], CultureInfo.InvariantCulture));
                        break;
                    case ReportColumnType.DecimalNumber
                        when decimal.TryParse(
                            row[i],
                            NumberStyles.Number,
                            CultureInfo.InvariantCulture,
                            out var number
                        ):
                        csv.WriteField(number);
                        break;
                    default:
                        csv.WriteField(SheetText.Write(row[i]));
                        break;
                }
            }

            await csv.EndRecordAsync(cancellation);
        }
    }

    /// <summary>What was written is in the stream then.</summary>
    public ValueTask FlushAsync(CancellationToken cancellation) => csv.FlushAsync(cancellation);

    public ValueTask DisposeAsync() => csv.DisposeAsync();
}
