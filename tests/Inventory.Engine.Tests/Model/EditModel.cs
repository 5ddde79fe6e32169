using Inventory.Engine.Stock;

namespace Inventory.Engine.Tests.Model;

/// <summary>What edits of on hand must answer.</summary>
internal sealed class EditModel(List<ModelRow> rows)
{
    private readonly Dictionary<int, (string Content, string Answer)> made = [];

    public string Answer(EditStep ask)
    {
        if (made.TryGetValue(ask.Edit, out var before))
        {
            return before.Content == $"{ask}" ? $"Replayed {before.Answer}" : "RequestIdReused";
        }

        if (ask.Sku == 'Z')
        {
            return "SkuUnknown";
        }

        if (ask.Warehouse == 9)
        {
            return "WarehouseUnknown";
        }

        var row = rows.Find(r => r.Sku == ask.Sku && r.Warehouse == ask.Warehouse);
        if (row is null && !MayOpen(ask))
        {
            return "StockUnknown";
        }

        if (ask.Kind == EditKind.Add && Closed(ask) is { } closed)
        {
            return row is null ? closed : $"{closed} {Amounts(row)}";
        }

        if (row is null)
        {
            rows.Add(row = new ModelRow(ask.Sku, ask.Warehouse, 0));
        }

        var wanted = Wanted(ask, row.OnHand);
        var damaged = row.Damaged + (ask.Kind == EditKind.Move ? ask.Quantity : 0);
        if (damaged < 0 || wanted < row.Reserved + damaged)
        {
            return $"StockShort {Amounts(row)}";
        }

        row.OnHand = wanted;
        row.Damaged = damaged;
        made[ask.Edit] = ($"{ask}", Amounts(row));
        return $"Edited {Amounts(row)}";
    }

    public override string ToString() => string.Join(", ", made.OrderBy(m => m.Key));

    private static bool MayOpen(EditStep ask) =>
        ask.Kind is EditKind.Add or EditKind.Set || (ask.Kind == EditKind.Adjust && ask.Quantity > 0);

    private static string? Closed(EditStep ask) =>
        ask.Sku == 'D' ? "ItemDiscontinued"
        : ask.Warehouse == 3 ? "WarehouseInactive"
        : null;

    private static long Wanted(EditStep ask, long onHand) =>
        ask.Kind switch
        {
            EditKind.Set => ask.Quantity,
            EditKind.Remove => onHand - ask.Quantity,
            EditKind.Add or EditKind.Adjust => onHand + ask.Quantity,
            EditKind.Move => onHand,
        };

    private static string Amounts(ModelRow row) =>
        $"{row.Sku}@{row.Warehouse}: {row.OnHand} on hand, {row.Reserved} reserved, {row.Damaged} damaged, "
        + $"{row.Available} available";
}
