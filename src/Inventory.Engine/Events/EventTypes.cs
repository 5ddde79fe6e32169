using System.Globalization;
using Inventory.Engine.Database;

namespace Inventory.Engine.Events;

/// <summary>
/// The types of events, one a kind of change. What is written here is a promise to those who read them.
/// </summary>
public static class EventTypes
{
    /// <summary>At the end of what names all types that begin like it.</summary>
    public const char Wildcard = '*';

    /// <summary>All of this version.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<JournalKind>().Select(Of)];

    /// <summary>The type of a kind. A kind that only a newer server knows has one by its number.</summary>
    public static string Of(JournalKind kind) =>
        Enum.IsDefined(kind)
            ? Known(kind)
            : string.Create(CultureInfo.InvariantCulture, $"inventory.other.kind_{(int)kind}.v1");

    /// <summary>Whether a type is what a filter says: the type itself, or its beginning and a star.</summary>
    public static bool Matches(string filter, string type) =>
        filter.EndsWith(Wildcard)
            ? type.AsSpan().StartsWith(filter.AsSpan()[..^1], StringComparison.Ordinal)
            : type == filter;

    private static string Known(JournalKind kind) =>
        kind switch
        {
            JournalKind.Held => "inventory.reservation.held.v1",
            JournalKind.Confirmed => "inventory.reservation.confirmed.v1",
            JournalKind.Cancelled => "inventory.reservation.cancelled.v1",
            JournalKind.Failed => "inventory.reservation.failed.v1",
            JournalKind.Expired => "inventory.reservation.expired.v1",
            JournalKind.Released => "inventory.reservation.released.v1",
            JournalKind.Reacquired => "inventory.reservation.reacquired.v1",
            JournalKind.Waiting => "inventory.reservation.waiting.v1",
            JournalKind.Granted => "inventory.reservation.granted.v1",
            JournalKind.WaitEnded => "inventory.reservation.wait_ended.v1",
            JournalKind.WaitMoved => "inventory.reservation.wait_moved.v1",
            JournalKind.Extended => "inventory.reservation.extended.v1",
            JournalKind.Fulfilled => "inventory.reservation.fulfilled.v1",
            JournalKind.Added => "inventory.stock.added.v1",
            JournalKind.Removed => "inventory.stock.removed.v1",
            JournalKind.Adjusted => "inventory.stock.adjusted.v1",
            JournalKind.Set => "inventory.stock.set.v1",
            JournalKind.Opened => "inventory.stock.opened.v1",
            JournalKind.StateMoved => "inventory.stock.state_moved.v1",
            JournalKind.Returned => "inventory.stock.returned.v1",
            JournalKind.ItemEdited => "inventory.stock.item_edited.v1",
            JournalKind.Closed => "inventory.stock.closed.v1",
            JournalKind.Restocked => "inventory.stock.restocked.v1",
            JournalKind.Counted => "inventory.stock.counted.v1",
            JournalKind.Repaired => "inventory.stock.repaired.v1",
            JournalKind.ScanReceived => "inventory.scan.received.v1",
            JournalKind.ScanShipped => "inventory.scan.shipped.v1",
            JournalKind.ScanSold => "inventory.scan.sold.v1",
            JournalKind.ScanReturned => "inventory.scan.returned.v1",
            JournalKind.ScanMovedOut => "inventory.scan.moved_out.v1",
            JournalKind.ScanMovedIn => "inventory.scan.moved_in.v1",
            JournalKind.TransferShipped => "inventory.transfer.shipped.v1",
            JournalKind.TransferReceived => "inventory.transfer.received.v1",
            JournalKind.TransferReturned => "inventory.transfer.returned.v1",
            JournalKind.TransferLost => "inventory.transfer.lost.v1",
        };
}
