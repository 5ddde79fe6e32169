using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>Lists users page by page, by name.</summary>
public sealed class ListUsers(Cell cell)
{
    /// <summary>The most users of a page.</summary>
    public const int PageSizeMax = 1_000;

    private const string Sql = """
        -- users.list
        SELECT u.user_id, u.name, u.roles, u.warehouses, u.must_change, u.disabled_at, u.locked_until, u.revision, u.created_at,
            u.created_by, u.updated_at, u.updated_by, u.last_sign_in_at
        FROM user_account u
        WHERE (@Disabled::boolean IS NULL OR (u.disabled_at IS NOT NULL) = @Disabled) AND lower(u.name) > @After
        ORDER BY lower(u.name) LIMIT @Limit
        """;

    /// <summary>Lists a page.</summary>
    /// <param name="disabled">Those who may not sign in, or those who may; null: all.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListUsersAnswer> ExecuteAsync(
        bool? disabled,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = Fingerprint(disabled);
        var place = new PageToken(0, "");
        if (!string.IsNullOrEmpty(pageToken) && !PageToken.TryRead(pageToken, fingerprint, out place))
        {
            return new(ListUsersOutcome.PageTokenInvalid, [], null);
        }

        var parameters = new
        {
            Disabled = disabled,
            After = place.Text,
            Limit = pageSize + 1,
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = (
            await connection.QueryAsync<UserRow>(
                new CommandDefinition(Sql, parameters, cancellationToken: cancellation)
            )
        ).AsList();
        var page = rows.Take(pageSize).Select(r => r.ToUser()).ToArray();
        var next = rows.Count > pageSize ? new PageToken(0, UserAccount.KeyOf(page[^1].Name)).Write(fingerprint) : null;
        return new(ListUsersOutcome.Listed, page, next);
    }

    private static long Fingerprint(bool? disabled)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("users");
        content.Flag(disabled);
        return content.ToFingerprint();
    }
}

/// <summary>What became of a request to list users. Append only; a number is never used again.</summary>
public enum ListUsersOutcome
{
    /// <summary>The page is there.</summary>
    Listed = 1,

    /// <summary>The page token was not made by this operation for this filter.</summary>
    PageTokenInvalid = 2,
}

/// <summary>A page.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Users">At most as many as asked for.</param>
/// <param name="NextPageToken">Opaque; none on the last page.</param>
public sealed record ListUsersAnswer(ListUsersOutcome Outcome, IReadOnlyList<UserAccount> Users, string? NextPageToken);
