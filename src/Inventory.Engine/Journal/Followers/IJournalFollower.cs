using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>
/// Who makes something of every row of the journal: handed to it in pages, at least once, each stock row's changes in
/// the order of their versions, by one node at a time. See <see cref="RunFollower"/>.
/// </summary>
public interface IJournalFollower
{
    /// <summary>The key of its cursor, at most 64 characters; never changed, or it begins anew.</summary>
    string Name { get; }

    /// <summary>The most rows that it is handed at once, 1 to <see cref="FollowJournal.PageSizeMax"/>.</summary>
    int PageSize { get; }

    /// <summary>
    /// How long after it began a pass the next may begin, however much is written meanwhile: the longer, the more rows
    /// a pass has, and the less a row costs. What is left of a pass that takes several pages is read at once.
    /// </summary>
    TimeSpan PassEvery => TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether it asks only which stock rows have changed. Its entries have position, time, stock row and version then,
    /// and nothing else; those that were parked come whole.
    /// </summary>
    bool IsBrief => false;

    /// <summary>
    /// Whether it begins with the first row that is kept when it is run for the first time; else with what is written
    /// from then on.
    /// </summary>
    bool FromBeginning => false;

    /// <summary>
    /// Runs in the transaction that stores the cursor: what it writes there is done exactly once. Effects elsewhere
    /// happen at least once, and should take less than 15 s: a transaction that does nothing for longer is ended.
    /// </summary>
    /// <param name="connection">The follower's own; its lease goes with it.</param>
    /// <param name="transaction">Not to be committed here.</param>
    /// <param name="entries">At least one. Within a page by position; from page to page per stock row.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FollowerAwayException">
    /// What it needs beside the database is away: the same page comes again. Any other exception that is no lost
    /// database is taken as a fault of the rows: they are handed over in ever smaller pages, and a row that fails alone
    /// several times is parked.
    /// </exception>
    Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    );
}
