using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Journal.Snapshots;

/// <summary>Lists snapshots page by page, the newest first.</summary>
public sealed class ListSnapshots(Cell cell)
{
    private const string Sql = """
        -- journal.list_snapshots
        SELECT snapshot_id, at, caller, note, written, finished_at FROM snapshot
        WHERE snapshot_id < @Before ORDER BY snapshot_id DESC LIMIT @Limit
        """;

    private const long List = 0x736e_6170;

    /// <summary>The most snapshots of a page.</summary>
    public const int PageSizeMax = 1_000;

    /// <summary>Lists a page.</summary>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListSnapshotsAnswer> ExecuteAsync(int pageSize, string? pageToken, CancellationToken cancellation)
    {
        var before = long.MaxValue;
        if (!string.IsNullOrEmpty(pageToken))
        {
            if (!PageToken.TryRead(pageToken, List, out var place))
            {
                return new(ListSnapshotsOutcome.PageTokenInvalid, [], null);
            }

            before = place.Number;
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = (
            await connection.QueryAsync<Snapshot>(
                new CommandDefinition(
                    Sql,
                    new { Before = before, Limit = pageSize + 1 },
                    cancellationToken: cancellation
                )
            )
        ).AsList();
        var page = rows.Take(pageSize).ToArray();
        var next = rows.Count > pageSize ? new PageToken(page[^1].SnapshotId, "").Write(List) : null;
        return new(ListSnapshotsOutcome.Listed, page, next);
    }
}

/// <summary>What became of a request to list. Append only; a number is never used again.</summary>
public enum ListSnapshotsOutcome
{
    /// <summary>The page is there.</summary>
    Listed = 1,

    /// <summary>The page token was not made by this operation.</summary>
    PageTokenInvalid = 2,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Snapshots">The newest first.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListSnapshotsAnswer(
    ListSnapshotsOutcome Outcome,
    IReadOnlyList<Snapshot> Snapshots,
    string? NextPageToken
);
