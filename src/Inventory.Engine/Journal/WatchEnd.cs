namespace Inventory.Engine.Journal;

/// <summary>Why a watch did not begin, or ended. Append only; a number is never used again.</summary>
public enum WatchOutcome
{
    /// <summary>It goes on.</summary>
    Watching = 1,

    /// <summary>A SKU is not known.</summary>
    SkuUnknown = 2,

    /// <summary>A warehouse is not known.</summary>
    WarehouseUnknown = 3,

    /// <summary>A reservation is not known.</summary>
    ReservationUnknown = 4,

    /// <summary>The token was not given by this operation for what is watched.</summary>
    TokenInvalid = 5,

    /// <summary>What has happened since the token is not kept, or too much to be told.</summary>
    TokenTooOld = 6,

    /// <summary>This server has as many watchers as it takes.</summary>
    TooManyWatchers = 7,

    /// <summary>An order has more reservations than one watch follows.</summary>
    TooManyReservations = 8,

    /// <summary>The data has moved to another cluster.</summary>
    EraOver = 9,

    /// <summary>An item is a kit, which has no stock whose changes could be told.</summary>
    ItemIsKit = 10,
}

/// <summary>How a watch ended, or why it did not begin.</summary>
/// <param name="Outcome">Not <see cref="WatchOutcome.Watching"/>.</param>
/// <param name="Unknown">The names that are not known, if some are not.</param>
/// <param name="OldestPosition">The oldest position that can be resumed from, where a token is too old.</param>
public sealed record WatchEnd(WatchOutcome Outcome, IReadOnlyList<string> Unknown, long OldestPosition = 0)
{
    internal static WatchEnd Of(WatchOutcome outcome) => new(outcome, []);
}

/// <summary>A step of a watch.</summary>
/// <typeparam name="T">What is told.</typeparam>
/// <param name="Told">In order; none: the watcher is only told how far it is.</param>
/// <param name="ResumeToken">All up to here has been told; none while more waits.</param>
/// <param name="End">Set on the last step.</param>
public sealed record WatchStep<T>(IReadOnlyList<T> Told, string? ResumeToken, WatchEnd? End = null);
