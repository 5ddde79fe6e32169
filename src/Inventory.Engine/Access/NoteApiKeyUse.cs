using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>
/// Writes down that keys were used, to the minute. Servers do it now and then for all keys at once, never with a call.
/// </summary>
public sealed class NoteApiKeyUse(Cell cell)
{
    // What another server is writing down just now is as good; nobody waits for it.
    private const string Sql = """
        -- access.note_api_key_use
        UPDATE api_key k SET last_used_at = clock_timestamp()
        FROM (
            SELECT api_key_id FROM api_key
            WHERE api_key_id = ANY (@Ids) AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
            FOR NO KEY UPDATE SKIP LOCKED) AS used
        WHERE k.api_key_id = used.api_key_id
        """;

    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task ExecuteAsync(IReadOnlyCollection<int> ids, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(
            new CommandDefinition(Sql, new { Ids = ids.ToArray() }, cancellationToken: cancellation)
        );
    }
}
