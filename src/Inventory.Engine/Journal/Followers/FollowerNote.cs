namespace Inventory.Engine.Journal.Followers;

/// <summary>What a follower's operator should know. Append only; a number is never used again.</summary>
public enum FollowerNoteKind
{
    /// <summary>This node follows from now on.</summary>
    LeaseTaken = 1,

    /// <summary>The lease is gone with its connection.</summary>
    LeaseLost = 2,

    /// <summary>Its cursor was of another era: what was written before is not handled.</summary>
    BegunAnew = 3,

    /// <summary>A page or a row could not be handled, and is tried again.</summary>
    Failed = 4,

    /// <summary>A row is parked.</summary>
    Parked = 5,

    /// <summary>Parked rows have been handled after all.</summary>
    Unparked = 6,
}

/// <param name="Kind">What happened.</param>
/// <param name="Follower">Its name.</param>
/// <param name="Detail">The old cursor, or how many rows, or which.</param>
/// <param name="Cause">Why, if something failed.</param>
public sealed record FollowerNote(FollowerNoteKind Kind, string Follower, string Detail, Exception? Cause = null);
