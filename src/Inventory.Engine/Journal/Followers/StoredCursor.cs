using Dapper;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>A follower's cursor as the table has it.</summary>
internal static class StoredCursor
{
    private const string ReadSql = """
        -- journal.cursor_read
        SELECT cursor FROM journal_follower WHERE name = @Name
        """;

    private const string BeginSql = """
        -- journal.cursor_begin
        INSERT INTO journal_follower AS f (name, cursor, through) VALUES (@Name, @Cursor, @Through::timestamptz)
        ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, through = excluded.through, updated_at = clock_timestamp()
        """;

    private const string BeginAbsentSql = """
        -- journal.cursor_begin_absent
        INSERT INTO journal_follower (name, cursor, through)
        SELECT n.name, @Cursor, @Through::timestamptz FROM unnest(@Names::text[]) AS n (name) ORDER BY n.name
        ON CONFLICT (name) DO NOTHING
        """;

    // Only from where the page began: whoever handled the same rows before has moved it.
    private const string MoveSql = """
        -- journal.cursor_move
        UPDATE journal_follower SET cursor = @Next, through = @Through::timestamptz, updated_at = clock_timestamp()
        WHERE name = @Name AND cursor = @From
        """;

    /// <returns>None if it has never run.</returns>
    internal static Task<string?> ReadAsync(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        connection.QuerySingleOrDefaultAsync<string?>(
            new CommandDefinition(ReadSql, new { Name = name }, cancellationToken: cancellation)
        );

    /// <summary>Begins, or begins anew.</summary>
    internal static Task BeginAsync(
        NpgsqlConnection connection,
        string name,
        string cursor,
        DateTime through,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Name = name,
            Cursor = cursor,
            Through = through,
        };
        return connection.ExecuteAsync(new CommandDefinition(BeginSql, parameters, cancellationToken: cancellation));
    }

    /// <summary>Begins those that have never run.</summary>
    internal static Task BeginAbsentAsync(
        NpgsqlConnection connection,
        string[] names,
        string cursor,
        DateTime through,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Names = names,
            Cursor = cursor,
            Through = through,
        };
        return connection.ExecuteAsync(
            new CommandDefinition(BeginAbsentSql, parameters, cancellationToken: cancellation)
        );
    }

    /// <exception cref="FollowerAwayException">Somebody else has moved it.</exception>
    internal static async Task MoveAsync(
        NpgsqlConnection connection,
        string name,
        string from,
        string next,
        DateTime through,
        CancellationToken cancellation
    )
    {
        var parameters = new
        {
            Name = name,
            From = from,
            Next = next,
            Through = through,
        };
        var moved = await connection.ExecuteAsync(
            new CommandDefinition(MoveSql, parameters, cancellationToken: cancellation)
        );
        if (moved != 1)
        {
            throw new FollowerAwayException($"The cursor of {name} is not where its page began.");
        }
    }
}
