namespace Inventory.Engine.Scans;

/// <summary>
/// Why a scan moved no stock. Declared in the order they are checked. Append only; a number is never used again.
/// </summary>
public enum ScanProblem
{
    /// <summary>A field cannot be what it is; the detail says which.</summary>
    FieldInvalid = 1,

    /// <summary>The identifier says nothing that is known here; the detail says why.</summary>
    IdentifierMalformed = 2,

    /// <summary>No item has the identifier.</summary>
    ItemUnknown = 3,

    /// <summary>A warehouse is not known.</summary>
    WarehouseUnknown = 4,

    /// <summary>The item is a kit, which has no stock of its own.</summary>
    ItemIsKit = 5,

    /// <summary>The item is no longer sold, so none is received.</summary>
    ItemDiscontinued = 6,

    /// <summary>The warehouse takes nothing in.</summary>
    WarehouseInactive = 7,

    /// <summary>Less is there, beside what is reserved and what is in other states, than is to go.</summary>
    StockShort = 8,

    /// <summary>More would be on hand than can be counted.</summary>
    TooMuch = 9,
}
