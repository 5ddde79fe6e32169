namespace Inventory.Engine.Journal;

/// <summary>How far the feed is.</summary>
/// <param name="Cursor">All that it has read has been offered to everybody who is live.</param>
/// <param name="Snapshot">The cursor's.</param>
/// <param name="PassedAt">When that pass began, in ticks of the stopwatch.</param>
internal sealed record FeedThrough(JournalCursor Cursor, JournalSnapshot Snapshot, long PassedAt)
{
    internal static FeedThrough At(JournalCursor cursor, long passedAt) =>
        new(cursor, JournalSnapshot.Parse(cursor.Snapshot), passedAt);
}
