using Inventory.Engine.Database;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>What a bulk update, and each of its rows, must be before the engine sees it.</summary>
internal static class BulkRules
{
    public const int RowsMax = 10_000;
    private const int NoteLengthMax = 500;

    private static readonly Problem NoRows = Problem.OutOfRange($"1 to {RowsMax} rows");
    private static readonly Problem NoteWithoutReason = Problem.Conflict("explains a reason, and there is none");
    private static readonly Problem NotAnId = Problem.Format($"an id that this server made: {PublicId.StockPrefix}…");
    private static readonly Problem NamedTwice = Problem.Conflict(
        "names the stock already: leave out sku and warehouse"
    );

    /// <summary>Of a call that aborts, all rows too: with one that is malformed nothing could be applied.</summary>
    public static ApiError? Check(BulkUpdateInventoryRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("on_error", OnError(request.OnError));
        violations.Add("rows", request.Rows.Count is >= 1 and <= RowsMax ? null : NoRows);
        if (request.OnError != BulkOnError.Continue && request.Rows.Count <= RowsMax)
        {
            foreach (var (index, row) in request.Rows.Index())
            {
                Add(row, index, ref violations);
            }
        }

        return violations.Error;
    }

    /// <param name="part">One message of a stream.</param>
    /// <param name="first">The first of them; itself, if it is that.</param>
    public static ApiError? Check(BulkUpdateInventoryStreamRequest part, BulkUpdateInventoryStreamRequest first)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(part.RequestId));
        violations.Add("on_error", OnError(part.OnError));
        violations.Add("rows", part.Rows.Count <= RowsMax ? null : Problem.OutOfRange($"at most {RowsMax} a message"));
        if (part.RequestId.Length > 0 && part.RequestId != first.RequestId)
        {
            violations.Add("request_id", Problem.Conflict("is not that of the first message"));
        }

        if (part.OnError != BulkOnError.Unspecified && part.OnError != first.OnError)
        {
            violations.Add("on_error", Problem.Conflict("is not that of the first message"));
        }

        return violations.Error;
    }

    /// <summary>A stream without a row.</summary>
    public static ApiError Empty()
    {
        var violations = new Violations();
        violations.Add("rows", Problem.Required);
        return violations.Error!;
    }

    /// <summary>More rows than a call may have.</summary>
    public static ApiError TooMany(int max)
    {
        var violations = new Violations();
        violations.Add("rows", Problem.OutOfRange($"at most {max}"));
        return violations.Error!;
    }

    /// <summary>One row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="index">Where it stands in the call.</param>
    public static ApiError? Check(BulkUpdateRow row, int index)
    {
        var violations = new Violations();
        Add(row, index, ref violations);
        return violations.Error;
    }

    /// <summary>All that is wrong with a row; null, and nothing made, when nothing is.</summary>
    public static List<RowProblem>? Find(BulkUpdateRow row)
    {
        List<RowProblem>? found = null;
        CheckTarget(row, ref found);
        Add("mode", Mode(row.Mode), ref found);
        Add("quantity", Quantity(row), ref found);
        Add("reason", row is { Mode: BulkMode.Adjust, Reason: "" } ? Problem.Required : null, ref found);
        Add("reason", TextRules.Optional(row.Reason, TextRules.KeyLengthMax), ref found);
        Add("note", TextRules.Optional(row.Note, NoteLengthMax), ref found);
        Add("note", row is { Note: not "", Reason: "" } ? NoteWithoutReason : null, ref found);
        Add("expected_version", NumberRules.Version(row.HasExpectedVersion, row.ExpectedVersion), ref found);
        return found;
    }

    private static void Add(BulkUpdateRow row, int index, ref Violations violations)
    {
        foreach (var (field, problem) in Find(row) ?? [])
        {
            violations.Add($"rows[{index}].{field}", problem);
        }
    }

    private static void Add(string field, Problem? problem, ref List<RowProblem>? found)
    {
        if (problem is not null)
        {
            (found ??= []).Add(new(field, problem));
        }
    }

    /// <summary>Either its own id, or item and warehouse; never both.</summary>
    private static void CheckTarget(BulkUpdateRow row, ref List<RowProblem>? found)
    {
        if (row.InventoryId.Length == 0)
        {
            Add("sku", TextRules.Key(row.Sku), ref found);
            Add("warehouse", TextRules.Key(row.Warehouse), ref found);
        }
        else if (row.Sku.Length > 0 || row.Warehouse.Length > 0)
        {
            Add("inventory_id", NamedTwice, ref found);
        }
        else if (!PublicId.TryParseStock(row.InventoryId, out _))
        {
            Add("inventory_id", NotAnId, ref found);
        }
    }

    private static Problem? OnError(BulkOnError value) => Enum.IsDefined(value) ? null : Problem.UnknownValue;

    private static Problem? Mode(BulkMode value) =>
        value == BulkMode.Unspecified ? Problem.Required
        : Enum.IsDefined(value) ? null
        : Problem.UnknownValue;

    private static Problem? Quantity(BulkUpdateRow row) =>
        row switch
        {
            { HasQuantity: false } => Problem.Required,
            { Mode: BulkMode.Set } => NumberRules.Amount(row.Quantity),
            { Mode: BulkMode.Add or BulkMode.Remove } => NumberRules.Quantity(row.Quantity),
            { Mode: BulkMode.Adjust } => NumberRules.Delta(row.Quantity),
            _ => null,
        };
}

/// <summary>What is wrong with one field of a row.</summary>
internal readonly record struct RowProblem(string Field, Problem Problem);
