using System.Globalization;
using CsvHelper;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Csv;

/// <summary>A line of an import, as a row of a bulk update.</summary>
internal static class ImportRow
{
    private static readonly Problem NotANumber = Problem.Format("a whole number in digits");
    private static readonly Problem NotAMode = Problem.Format("set, add, remove or adjust");

    /// <summary>Reads the record at which a reader stands.</summary>
    /// <param name="csv">The reader.</param>
    /// <param name="columns">Which field is which.</param>
    /// <param name="problems">All that is wrong; null when nothing is.</param>
    public static BulkUpdateRow Read(CsvReader csv, ImportColumns columns, out List<RowProblem>? problems)
    {
        List<RowProblem>? unread = null;
        var row = new BulkUpdateRow
        {
            InventoryId = Text(csv, columns.InventoryId),
            Sku = Text(csv, columns.Sku),
            Warehouse = Text(csv, columns.Warehouse),
            Mode = Mode(Text(csv, columns.Mode), ref unread),
            Reason = Text(csv, columns.Reason),
            Note = Text(csv, columns.Note),
        };
        if (Number(csv, columns.Quantity, "quantity", ref unread) is { } quantity)
        {
            row.Quantity = quantity;
        }

        if (Number(csv, columns.ExpectedVersion, "expected_version", ref unread) is { } version)
        {
            row.ExpectedVersion = version;
        }

        // A field that could not be read is named once: it is neither missing nor out of range.
        problems = BulkRules.Find(row);
        problems?.RemoveAll(p => unread?.Exists(u => u.Field == p.Field) ?? false);
        if (unread is not null)
        {
            problems = [.. unread, .. problems ?? []];
        }

        return row;
    }

    private static string Text(CsvReader csv, int? column) =>
        column is { } place ? SheetText.Read(csv.GetString(place)) : "";

    private static BulkMode Mode(string text, ref List<RowProblem>? unread)
    {
        switch (text.ToUpperInvariant())
        {
            // A file that says nothing is a count.
            case "" or "SET":
                return BulkMode.Set;
            case "ADD":
                return BulkMode.Add;
            case "REMOVE":
                return BulkMode.Remove;
            case "ADJUST":
                return BulkMode.Adjust;
            default:
                (unread ??= []).Add(new("mode", NotAMode));
                return BulkMode.Unspecified;
        }
    }

    private static long? Number(CsvReader csv, int? column, string field, ref List<RowProblem>? unread)
    {
        if (column is not { } place || csv.IsEmpty(place))
        {
            return null;
        }

        var digits = csv.GetSpan(place);
        // What follows a NUL would be read over.
        if (
            !digits.Contains((byte)0)
            && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        )
        {
            return number;
        }

        (unread ??= []).Add(new(field, NotANumber));
        return null;
    }
}
