using CsvHelper;
using Inventory.Engine.Stock.Bulk;
using Inventory.Server.Errors;
using Inventory.Server.Services;
using Inventory.Server.Validation;

namespace Inventory.Server.Csv;

/// <summary>
/// Reads a file line by line into a bulk update. It is never whole in memory: a record has at most some kilobytes, and
/// of the rows that were read the numbers of their lines are kept, and what is wrong with them.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    /// <summary>Every field at its longest, in any script, fits.</summary>
    private const int RecordBytesMax = 16 * 1024;

    private static readonly Problem Quotes = new(
        "MALFORMED",
        "has quotes that do not match, or a line break in quotes"
    );

    private readonly CsvReader csv;
    private int malformedAt;

    public ImportFile(Stream body)
    {
        var options = new CsvReaderOptions
        {
            Separator = ',',
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MaxRecordSize = RecordBytesMax,
            // No field holds a line break. So a quote that is never closed spoils its own line, and not the rest.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => malformedAt = (int)record.LineNumber,
            IncludeValuesInExceptions = false,
        };
        csv = CsvReader.Create(body, options, leaveOpen: true);
    }

    /// <summary>The line of each row.</summary>
    public List<int> Lines { get; } = [];

    /// <summary>Of rows that are malformed, in their order.</summary>
    public List<ImportReport.Problem> Problems { get; } = [];

    /// <summary>The rows that <see cref="Problems"/> does not name, because it would be too long.</summary>
    public int Unlisted { get; private set; }

    /// <returns>What is wrong with the header; null if nothing is.</returns>
    public async Task<(ImportColumns Columns, ApiError? Wrong)> ReadHeaderAsync(CancellationToken cancellation)
    {
        try
        {
            await csv.ReadHeaderAsync(cancellation);
            var wrong = ImportColumns.Read(csv.Headers, out var columns);
            return (columns, wrong);
        }
        catch (CsvFormatException)
        {
            var wrong = ImportColumns.Read([], out var none);
            return (none, wrong);
        }
    }

    /// <summary>Reads the rows into a call, until it takes no more.</summary>
    public async Task ReadAsync(ImportColumns columns, BulkLines rows, CancellationToken cancellation)
    {
        while (await NextAsync(rows, cancellation))
        {
            var line = (int)csv.LineNumber;
            Lines.Add(line);
            if (!await rows.AddAsync(Row(columns, line), cancellation))
            {
                return;
            }
        }
    }

    public void Dispose() => csv.Dispose();

    private async ValueTask<bool> NextAsync(BulkLines rows, CancellationToken cancellation)
    {
        try
        {
            return await csv.ReadAsync(cancellation);
        }
        catch (CsvFormatException unreadable)
        {
            // Where the next record begins is not known.
            rows.IsCutShort = true;
            var problem = new Problem("UNREADABLE", $"has more than {RecordBytesMax} bytes; what follows was not read");
            Problems.Add(ImportReport.Malformed((int)unreadable.LineNumber, null, problem));
            return false;
        }
    }

    private BulkRow Row(ImportColumns columns, int line)
    {
        if (malformedAt == line)
        {
            return Unsound([new("", Quotes)], line);
        }

        if (csv.FieldCount != columns.Count)
        {
            var count = new Problem("FIELD_COUNT", $"has {csv.FieldCount} fields, and the header has {columns.Count}");
            return Unsound([new("", count)], line);
        }

        var row = ImportRow.Read(csv, columns, out var problems);
        return problems is null ? BulkMessages.Sound(row) : Unsound(problems, line);
    }

    private BulkRow Unsound(List<RowProblem> problems, int line)
    {
        if (Problems.Count < BulkEditStock.ListedMax)
        {
            Problems.AddRange(
                problems.Select(p => ImportReport.Malformed(line, p.Field.Length == 0 ? null : p.Field, p.Problem))
            );
        }
        else
        {
            Unlisted++;
        }

        return BulkRow.Wrong(csv.Current.ToString());
    }
}
