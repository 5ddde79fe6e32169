namespace Inventory.Engine.Journal;

/// <summary>
/// What is told by <see cref="JournalFeed"/>: the watches of one kind. All is called by the one loop of the feed, never
/// side by side.
/// </summary>
internal interface IFeedListener
{
    /// <summary>Whether anybody watches, or waits to.</summary>
    bool IsWatched { get; }

    /// <summary>Offers a page to whom it concerns. A page may come again, if telling it failed halfway.</summary>
    Task TakeAsync(ChangePage page, CancellationToken cancellation);

    /// <summary>
    /// Between two passes: lets go of those who left, lets in some of those who have come, and reads on for them.
    /// </summary>
    /// <returns>Whether more wait.</returns>
    Task<bool> AdmitAsync(CancellationToken cancellation);

    /// <summary>The database is away: those who wait to be let in learn it. The others only wait.</summary>
    void Fail(Exception cause);

    /// <summary>The era is over: nobody's place means anything any more.</summary>
    void EndAll();
}
