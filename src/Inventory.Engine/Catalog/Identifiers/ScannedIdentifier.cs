using System.Collections.ObjectModel;

namespace Inventory.Engine.Catalog.Identifiers;

/// <summary>What a bar code, a link or a tag says of the thing that it is on.</summary>
public sealed record ScannedIdentifier
{
    /// <summary>The form in which it came.</summary>
    public required IdentifierForm Form { get; init; }

    /// <summary>The trade item, if it names one.</summary>
    public Gtin? Gtin { get; init; }

    /// <summary>The returnable asset (GRAI) without its serial number: 13 digits, the last a check digit.</summary>
    public string? AssetType { get; init; }

    /// <summary>The serial number, if it names one thing and not a kind of things.</summary>
    public string? Serial { get; init; }

    /// <summary>The batch or lot.</summary>
    public string? Batch { get; init; }

    /// <summary>Not to be used after this day.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>All that it says, by GS1 application identifier.</summary>
    public IReadOnlyDictionary<string, string> Elements { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

/// <summary>The form of an identifier. Append only; a number is never used again.</summary>
public enum IdentifierForm
{
    /// <summary>8, 12, 13 or 14 digits.</summary>
    Gtin = 1,

    /// <summary>A GS1 element string, as a scanner sends it or with brackets.</summary>
    ElementString = 2,

    /// <summary>A GS1 Digital Link.</summary>
    DigitalLink = 3,

    /// <summary>An SGTIN-96, by the bits of the tag or as a URI.</summary>
    Sgtin = 4,

    /// <summary>A GRAI-96, by the bits of the tag or as a URI.</summary>
    Grai = 5,
}
