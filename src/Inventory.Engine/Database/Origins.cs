using System.Collections.Concurrent;
using System.Net;
using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// Numbers where changes come from: caller, scope and address together, each once and for ever. Rows of the journal
/// carry the number, four bytes, and not the texts. What was used last is remembered, within a bound: addresses are
/// whatever callers come from.
/// </summary>
/// <param name="cell">Where they are kept.</param>
/// <param name="knownMax">How many are remembered.</param>
public sealed class Origins(Cell cell, int knownMax = Origins.KnownMax)
{
    /// <summary>How many are remembered where nothing else is said.</summary>
    public const int KnownMax = 20_000;

    // The look first: an insert that meets the row would use up a number each time.
    private const string Sql = """
        -- database.intern_origin
        WITH known AS MATERIALIZED (
            SELECT o.origin_id FROM origin o WHERE o.caller = @Caller AND o.scope = @Scope AND o.address = @Address),
        made AS (
            INSERT INTO origin (caller, scope, address)
            SELECT @Caller, @Scope, @Address WHERE NOT EXISTS (SELECT FROM known)
            ON CONFLICT (caller, scope, address) DO NOTHING
            RETURNING origin_id)
        SELECT origin_id FROM known UNION ALL SELECT origin_id FROM made
        """;

    private readonly TwoGenerations<Key, int> known = new(knownMax, EqualityComparer<Key>.Default);
    private readonly ConcurrentDictionary<Key, Lazy<Task<int>>> flights = new();

    private readonly record struct Key(string Caller, string Scope, IPAddress? Address);

    /// <summary>The number, if it is remembered.</summary>
    /// <param name="caller">The principal.</param>
    /// <param name="scope">The scope that the call needed.</param>
    /// <param name="address">From where it came; none: that is not known.</param>
    /// <param name="origin">The number.</param>
    public bool TryGet(string caller, string scope, IPAddress? address, out int origin) =>
        known.TryGet(new(caller, scope, address), out origin);

    /// <summary>The number; made now if there is none. Who asks for the same at once shares the look.</summary>
    /// <param name="caller">The principal.</param>
    /// <param name="scope">The scope that the call needed.</param>
    /// <param name="address">From where it came; none: that is not known.</param>
    /// <param name="cancellation">Lets the caller leave.</param>
    /// <exception cref="NpgsqlException">The database is away; asking again is safe.</exception>
    public Task<int> FindAsync(string caller, string scope, IPAddress? address, CancellationToken cancellation)
    {
        var flight = flights.GetOrAdd(
            new(caller, scope, address),
            static (key, self) => new(() => self.LandAsync(key)),
            this
        );
        return flight.Value.WaitAsync(cancellation);
    }

    private async Task<int> LandAsync(Key key)
    {
        try
        {
            var origin = await InternAsync(key);
            known.Set(key, origin);
            return origin;
        }
        finally
        {
            flights.TryRemove(key, out _);
        }
    }

    private async Task<int> InternAsync(Key key)
    {
        var parameters = new
        {
            key.Caller,
            key.Scope,
            Address = Text(key.Address),
        };
        await using var connection = await cell.General.OpenConnectionAsync();
        while (true)
        {
            // None: another has made it since this statement's snapshot, and the next one sees it.
            if (await connection.QuerySingleOrDefaultAsync<int?>(Sql, parameters) is { } origin)
            {
                return origin;
            }
        }
    }

    /// <summary>An IPv4 address is one, also where the socket speaks IPv6.</summary>
    private static string Text(IPAddress? address) =>
        address is null ? "unknown" : $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}";
}
