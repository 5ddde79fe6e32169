using Inventory.Server.Errors;
using Inventory.Server.Validation;

namespace Inventory.Server.Csv;

/// <summary>
/// Which column is which. The names are those of a bulk update's row; an export is taken as it is: its on_hand is the
/// quantity that is set, its version the expected one, and what else it tells is read over.
/// </summary>
internal sealed class ImportColumns
{
    private static readonly string[] Own =
    [
        "inventory_id",
        "sku",
        "warehouse",
        "mode",
        "quantity",
        "reason",
        "note",
        "expected_version",
    ];

    private static readonly string[] OfAnExport =
    [
        "on_hand",
        "reserved",
        "damaged",
        "quality_control",
        "in_transit",
        "safety_stock",
        "available",
        "version",
    ];

    private readonly Dictionary<string, int> places;

    private ImportColumns(Dictionary<string, int> places, int count)
    {
        this.places = places;
        Count = count;
    }

    /// <summary>How many fields each row has.</summary>
    public int Count { get; }

    /// <param name="headers">As they stand in the first line.</param>
    /// <param name="columns">If all is well.</param>
    /// <returns>What is wrong with them; null if nothing is.</returns>
    public static ApiError? Read(IReadOnlyList<string> headers, out ImportColumns columns)
    {
        var violations = new Violations();
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (place, header) in headers.Index())
        {
            var name = header.Trim();
            var isKnown = Own.Concat(OfAnExport).Contains(name, StringComparer.OrdinalIgnoreCase);
            violations.Add($"header[{place}]", isKnown ? null : NotAColumn(name));
            violations.Add($"header[{place}]", places.TryAdd(name, place) ? null : Problem.Conflict("is there twice"));
        }

        if (headers.Count == 0)
        {
            violations.Add("header", Problem.Required);
        }
        else
        {
            var named = places.ContainsKey("inventory_id");
            violations.Add("sku", named || places.ContainsKey("sku") ? null : Problem.Required);
            violations.Add("warehouse", named || places.ContainsKey("warehouse") ? null : Problem.Required);
            var counted = places.ContainsKey("on_hand") && !places.ContainsKey("mode");
            violations.Add("quantity", counted || places.ContainsKey("quantity") ? null : Problem.Required);
        }

        columns = new(places, headers.Count);
        return violations.Error;
    }

    public int? InventoryId => Find("inventory_id");

    public int? Sku => Find("sku");

    public int? Warehouse => Find("warehouse");

    public int? Mode => Find("mode");

    public int? Quantity => Find("quantity") ?? Find("on_hand");

    public int? Reason => Find("reason");

    public int? Note => Find("note");

    public int? ExpectedVersion => Find("expected_version") ?? Find("version");

    private int? Find(string name) => places.TryGetValue(name, out var place) ? place : null;

    private static Problem NotAColumn(string name)
    {
        // It may be anything, and of any length.
        var shown = TextRules.Optional(name, TextRules.KeyLengthMax) is null ? $"'{name}' " : "";
        return new(Problem.UnknownParameter.Reason, $"{shown}is no column of an import: {string.Join(", ", Own)}");
    }
}
