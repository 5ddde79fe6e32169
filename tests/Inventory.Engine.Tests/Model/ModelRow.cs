namespace Inventory.Engine.Tests.Model;

/// <summary>A stock row of the model.</summary>
internal sealed class ModelRow(char sku, int warehouse, long onHand, long safetyStock = 0)
{
    public char Sku => sku;

    public int Warehouse => warehouse;

    public long SafetyStock => safetyStock;

    public long OnHand { get; set; } = onHand;

    public long Reserved { get; set; }

    public long Damaged { get; set; }

    public bool IsDiscontinued => sku == 'D';

    public bool IsOpen => !IsDiscontinued && warehouse != 3;

    public long Available => OnHand - Reserved - Damaged - SafetyStock;
}

/// <summary>A reservation of the model.</summary>
internal sealed class ModelHold(
    string content,
    IReadOnlyList<(ModelRow Row, long Quantity)> taken,
    IReadOnlyList<(char Sku, long Quantity)> missing
)
{
    public string Content => content;

    public IReadOnlyList<(ModelRow Row, long Quantity)> Taken => taken;

    public string State { get; set; } = "Held";

    /// <summary>Its time has come. It stays held until a sweep, or somebody who needs its stock, meets it.</summary>
    public bool IsLapsed { get; set; }

    public int Version { get; set; } = 1;

    public bool IsLive => State == "Held" && !IsLapsed;

    public bool IsDue => State == "Held" && IsLapsed;

    public string Seen => IsDue ? "Expired" : State;

    public override string ToString()
    {
        var ordered = taken.OrderBy(t => t.Row.Sku).ThenBy(t => t.Row.Warehouse);
        var lines = ordered.Select(t => $"{t.Quantity} {t.Row.Sku}@{t.Row.Warehouse}");
        var shorts = missing.OrderBy(m => m.Sku).Select(m => $", {m.Quantity} {m.Sku} short");
        return $"{Seen} v{Version} {string.Join(", ", lines)}{string.Concat(shorts)}";
    }
}
