using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Access;

/// <summary>Writes down who was refused what.</summary>
public sealed class NoteRefusals(Cell cell)
{
    private const string Sql = """
        -- access.note_refusals
        INSERT INTO access_refusal (caller, reason, scope, target, address, trace)
        SELECT r.caller, r.reason, r.scope, r.target, r.address, r.trace
        FROM unnest(@Callers::text[], @Reasons::text[], @Scopes::text[], @Targets::text[], @Addresses::text[], @Traces::text[])
            AS r (caller, reason, scope, target, address, trace)
        """;

    /// <param name="Caller">Null: not known.</param>
    /// <param name="Reason">Why, as the caller was told.</param>
    /// <param name="Scope">The one that was missing; null: something else was wrong.</param>
    /// <param name="Target">An RPC or a path.</param>
    /// <param name="Address">From where.</param>
    /// <param name="Trace">The id under which logs and the answer have it.</param>
    public sealed record Refused(
        string? Caller,
        string Reason,
        string? Scope,
        string Target,
        string Address,
        string Trace
    );

    /// <exception cref="NpgsqlException">The database is away; none of them was written.</exception>
    public async Task ExecuteAsync(IReadOnlyCollection<Refused> refused, CancellationToken cancellation)
    {
        var values = new
        {
            Callers = refused.Select(r => r.Caller).ToArray(),
            Reasons = refused.Select(r => r.Reason).ToArray(),
            Scopes = refused.Select(r => r.Scope).ToArray(),
            Targets = refused.Select(r => r.Target).ToArray(),
            Addresses = refused.Select(r => r.Address).ToArray(),
            Traces = refused.Select(r => r.Trace).ToArray(),
        };
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(Sql, values, cancellationToken: cancellation));
    }
}
