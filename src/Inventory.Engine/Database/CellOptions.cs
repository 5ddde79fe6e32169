namespace Inventory.Engine.Database;

/// <summary>Where a cell lives and how its connections behave.</summary>
public sealed record CellOptions
{
    /// <summary>
    /// Npgsql connection string. A <c>Search Path</c> in it names the cell's schema; without one it is <see
    /// cref="DefaultSchema"/>.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Whether a commit waits for its flush. Off loses the last answers in a crash, against promise 5; it exists to
    /// measure what durability costs.
    /// </summary>
    public bool SynchronousCommit { get; init; } = true;

    /// <summary>How long a hot statement may run, lock waits included, in milliseconds.</summary>
    public int StatementTimeoutMs { get; init; } = 10_000;

    /// <summary>How long a hot statement waits for one lock, in milliseconds.</summary>
    public int LockTimeoutMs { get; init; } = 5_000;

    /// <summary>The most connections for reads and edits beside the hot lanes.</summary>
    public int GeneralPoolSize { get; init; } = 20;

    /// <summary>The schema of a cell that is not named otherwise.</summary>
    public const string DefaultSchema = "inventory";
}
