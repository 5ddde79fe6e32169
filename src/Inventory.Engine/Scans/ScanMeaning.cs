namespace Inventory.Engine.Scans;

/// <summary>What happened when something was scanned. Append only; a number is never used again.</summary>
public enum ScanMeaning
{
    /// <summary>Goods came in.</summary>
    Receive = 1,

    /// <summary>Goods left.</summary>
    Ship = 2,

    /// <summary>Goods were counted; no stock moves.</summary>
    Count = 3,

    /// <summary>Goods were moved to another warehouse, at once.</summary>
    Move = 4,

    /// <summary>Goods were sold over the counter.</summary>
    Sale = 5,

    /// <summary>Goods came back.</summary>
    Return = 6,
}
