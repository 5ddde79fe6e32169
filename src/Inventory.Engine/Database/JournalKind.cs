namespace Inventory.Engine.Database;

/// <summary>Why a stock row changed. Append only; a number is never used again.</summary>
public enum JournalKind
{
    /// <summary>A reservation was granted.</summary>
    Held = 1,

    /// <summary>A reservation was confirmed: the stock left.</summary>
    Confirmed = 2,

    /// <summary>A reservation was cancelled.</summary>
    Cancelled = 4,

    /// <summary>A reservation's payment failed.</summary>
    Failed = 5,

    /// <summary>A hold lapsed.</summary>
    Expired = 6,

    /// <summary>Stock came in.</summary>
    Added = 7,

    /// <summary>Stock was taken out.</summary>
    Removed = 8,

    /// <summary>Corrected by a difference, with a reason.</summary>
    Adjusted = 9,

    /// <summary>Set to a counted quantity.</summary>
    Set = 10,

    /// <summary>The quantity with which the row began.</summary>
    Opened = 11,

    /// <summary>Moved between states: available, damaged, quality control.</summary>
    StateMoved = 20,

    /// <summary>A transfer left: from what is on hand at its source, into what is in transit to its target.</summary>
    TransferShipped = 21,

    /// <summary>A transfer arrived, or a part of it: from what was in transit, or at once from its source.</summary>
    TransferReceived = 22,

    /// <summary>A transfer was cancelled on its way: back to what is on hand at its source.</summary>
    TransferReturned = 23,

    /// <summary>What a transfer lost on its way; the reason says how.</summary>
    TransferLost = 24,

    /// <summary>A part of a hold was given back; the rest stays as it is.</summary>
    Released = 40,

    /// <summary>Goods that a reservation sold have come back.</summary>
    Returned = 41,

    /// <summary>A lapsed hold was taken again and confirmed.</summary>
    Reacquired = 42,

    /// <summary>A reservation began to wait for stock.</summary>
    Waiting = 50,

    /// <summary>A reservation that waited was granted.</summary>
    Granted = 51,

    /// <summary>A reservation stopped waiting without stock: cancelled, failed, or its time was over.</summary>
    WaitEnded = 52,

    /// <summary>
    /// What a reservation that waits keeps from newcomers here has changed: goods came to this row or to another that
    /// may serve it, or are gone.
    /// </summary>
    WaitMoved = 53,

    /// <summary>A hold was extended. No stock moved.</summary>
    Extended = 60,

    /// <summary>What was sold was delivered. No stock moved.</summary>
    Fulfilled = 61,

    /// <summary>Goods that were reordered came in.</summary>
    Restocked = 70,

    /// <summary>A scan: goods came in.</summary>
    ScanReceived = 80,

    /// <summary>A scan: goods left.</summary>
    ScanShipped = 81,

    /// <summary>A scan: goods were sold over the counter.</summary>
    ScanSold = 82,

    /// <summary>A scan: goods came back.</summary>
    ScanReturned = 83,

    /// <summary>A scan: goods were moved to another warehouse.</summary>
    ScanMovedOut = 84,

    /// <summary>A scan: goods were moved here from another warehouse.</summary>
    ScanMovedIn = 85,

    /// <summary>Its item was edited: safety stock, or whether it is sold.</summary>
    ItemEdited = 30,

    /// <summary>The row went with its item or its warehouse.</summary>
    Closed = 31,

    /// <summary>A physical count found another quantity: the difference, when it was approved.</summary>
    Counted = 90,

    /// <summary>
    /// The row did not agree with the journal, its holds or its transfers, and was brought back to them.
    /// </summary>
    Repaired = 91,
}
