using Inventory.Engine.Database;

namespace Inventory.Engine.Warehouses;

/// <summary>Asks to edit a warehouse. It has been validated. What is not given stays as it is.</summary>
public sealed record WarehouseEdit
{
    /// <summary>The principal; part of the request's identity.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; the other part of the identity.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which one: code or id.</summary>
    public required string Warehouse { get; init; }

    /// <summary>If given, the revision from which the edit was made.</summary>
    public long? ExpectedRevision { get; init; }

    /// <summary>For people.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for.</summary>
    public WarehouseType? Type { get; init; }

    /// <summary>Reservations that name no warehouse draw on the lowest first.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether new reservations may draw on it.</summary>
    public bool? Active { get; init; }

    /// <summary>Where it is, as a whole.</summary>
    public WarehouseLocation? Location { get; init; }

    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.UpdateWarehouse);
        content.Text(Warehouse);
        content.Number(ExpectedRevision);
        content.Number(Name is null ? 0L : 1L);
        content.Text(Name ?? "");
        content.Number((long?)Type);
        content.Number((long?)Priority);
        content.Flag(Active);
        content.Number(Location is null ? 0L : 1L);
        var location = Location ?? new();
        content.Text(location.Address);
        content.Text(location.City);
        content.Text(location.Region);
        content.Text(location.PostalCode);
        content.Text(location.CountryCode);
        content.Number(Bits(location.Latitude));
        content.Number(Bits(location.Longitude));
        return content.ToFingerprint();
    }

    private static long? Bits(double? degrees) => degrees is { } number ? BitConverter.DoubleToInt64Bits(number) : null;
}

/// <summary>
/// What became of an edit of a warehouse. Declared in the order they are checked. Append only; a number is never used
/// again.
/// </summary>
public enum UpdateWarehouseOutcome
{
    /// <summary>It is as asked.</summary>
    Updated = 1,

    /// <summary>The same edit was made before under this request id; its answer is given again.</summary>
    Replayed = 2,

    /// <summary>The request id was used before, for other content.</summary>
    RequestIdReused = 3,

    /// <summary>There is no such warehouse.</summary>
    WarehouseUnknown = 4,

    /// <summary>Its revision is not the one from which the edit was made.</summary>
    VersionConflict = 5,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Warehouse">
/// With <see cref="UpdateWarehouseOutcome.Updated"/> and <see cref="UpdateWarehouseOutcome.Replayed"/>: as it was right
/// after the edit.
/// </param>
/// <param name="Revision">With <see cref="UpdateWarehouseOutcome.VersionConflict"/>: what it is now.</param>
public sealed record UpdateWarehouseAnswer(UpdateWarehouseOutcome Outcome, Warehouse? Warehouse, long Revision = 0);
