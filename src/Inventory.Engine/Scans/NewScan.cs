using Inventory.Engine.Stock;

namespace Inventory.Engine.Scans;

/// <summary>One thing that a device read, as it came. Only device and sequence must be right.</summary>
public sealed record NewScan
{
    /// <summary>The longest identifier that is kept whole, in characters.</summary>
    public const int IdentifierLengthMax = 2_048;

    /// <summary>The longest of the other texts.</summary>
    public const int TextLengthMax = 64;

    /// <summary>1 to 64 printable ASCII characters.</summary>
    public required string DeviceId { get; init; }

    /// <summary>From 1; the device's own count, which it uses once.</summary>
    public required long Sequence { get; init; }

    /// <summary>By the device's clock, UTC; none if it was no time.</summary>
    public DateTime? ScannedAt { get; init; }

    /// <summary>What was read.</summary>
    public required string Identifier { get; init; }

    /// <summary>The trade item that it names, fourteen digits; none if it names none.</summary>
    public string? Gtin { get; init; }

    /// <summary>Of an RFID tag: the one thing that it names. Reads of it within the window count once.</summary>
    public string? Tag { get; init; }

    /// <summary>The item, by SKU or id, where a person has said so. It goes before <see cref="Gtin"/>.</summary>
    public string? Sku { get; init; }

    /// <summary>In base units. An item that is sold by the piece and by the case has an item each.</summary>
    public required long Quantity { get; init; }

    /// <summary>Code or id.</summary>
    public required string Warehouse { get; init; }

    /// <summary>Code or id; of <see cref="ScanMeaning.Move"/> only.</summary>
    public string? ToWarehouse { get; init; }

    /// <summary>None if it had none, or one that is not known.</summary>
    public ScanMeaning? Meaning { get; init; }

    /// <summary>Into which state goods come, or from which they go; in which they are moved or counted.</summary>
    public StockState State { get; init; } = StockState.Available;

    /// <summary>A short code for the journal and reports.</summary>
    public string? Reason { get; init; }

    /// <summary>The reservation, the order or the delivery that it belongs to, in the device's words.</summary>
    public string? Reference { get; init; }

    /// <summary>What its reader found wrong with it.</summary>
    public ScanFlaw? Flaw { get; init; }

    /// <summary>What the journal keeps: the code, and the reference behind a colon.</summary>
    internal string? JournalReason =>
        Reference is null ? Reason
        : Reason is null ? Reference
        : $"{Reason}: {Reference}";
}

/// <summary>What is wrong with a scan.</summary>
/// <param name="Problem">For programs.</param>
/// <param name="Detail">For people; none where the problem says all.</param>
public sealed record ScanFlaw(ScanProblem Problem, string? Detail = null);
