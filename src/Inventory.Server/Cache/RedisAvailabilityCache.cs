using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using StackExchange.Redis;

namespace Inventory.Server.Cache;

/// <summary>
/// Copies of stock levels in Redis, one key an item. This file knows the client's commands, keys and
/// lifetimes; <see cref="RedisConnections"/> how connections are kept.
/// </summary>
public sealed class RedisAvailabilityCache : AvailabilityCache
{
    /// <summary>How long a copy lives after it was filled.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Of one script, which nobody can interrupt; questions are answered between two.</summary>
    private const int WriteRowsMax = 64;

    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(10);

    private readonly RedisConnections connections;
    private volatile string? prefix;

    public static object Parse(string connectionString) => ConfigurationOptions.Parse(connectionString);

    /// <summary>Connects in the background, and again whenever Redis comes back.</summary>
    /// <param name="connectionString">
    /// In the form of StackExchange.Redis: <c>host:port,password=…,defaultDatabase=…</c>.
    /// </param>
    /// <param name="logger">Is told when Redis goes and comes.</param>
    /// <exception cref="ArgumentException">The text is no such form.</exception>
    public RedisAvailabilityCache(string connectionString, ILogger<RedisAvailabilityCache> logger)
    {
        connections = new(ConfigurationOptions.Parse(connectionString), logger);
    }

    public override int Incarnation => prefix is null ? 0 : connections.Current?.Incarnation ?? 0;

    public override void Open(CellEra era)
    {
        var cell = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(era.Cell)))[..8];
        // The 2 is the form of the copies: servers of two versions keep apart.
        prefix = $"inventory:{cell}:2:{era.Era}:";
    }

    public override async ValueTask<ItemLevels?[]> FindAsync(IReadOnlyList<long> itemIds)
    {
        var found = new ItemLevels?[itemIds.Count];
        if (connections.Current is not { } open || itemIds.Count == 0)
        {
            return found;
        }

        try
        {
            var copies = await open.Database.StringGetAsync(Keys(itemIds));
            for (var i = 0; i < copies.Length; i++)
            {
                found[i] = Read(open, itemIds[i], copies[i]);
            }
        }
        catch (Exception e) when (RedisConnections.IsAway(e))
        {
            Array.Clear(found);
        }

        return found;
    }

    public override async Task<IReadOnlyList<CacheLease>> LeaseAsync(IReadOnlyList<long> itemIds)
    {
        var token = BitConverter.GetBytes(Random.Shared.NextInt64());
        var tokens = await RunAsync(CopyScripts.Lease, Keys(itemIds), [token, Milliseconds(LeaseLifetime)]);
        return [.. ((byte[][])tokens!).Select(t => new CacheLease(BitConverter.ToInt64(t)))];
    }

    public override Task FillAsync(IReadOnlyList<CacheLease> leases, IReadOnlyList<ItemLevels> levels) =>
        RunAsync(
            CopyScripts.Fill,
            Keys([.. levels.Select(l => l.ItemId)]),
            [Milliseconds(Lifetime), .. levels.Select((l, i) => (RedisValue)CopyFormat.Fill(leases[i], l))]
        );

    public override Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<StockLevel> levels)
    {
        var keys = new RedisKey[levels.Count];
        var rows = new RedisValue[levels.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Key(levels[i].ItemId);
            rows[i] = CopyFormat.Committed(levels[i]);
        }

        return WriteAsync(keys, rows);
    }

    public override Task<IReadOnlyList<int>> WriteAsync(IReadOnlyList<StockRowLevels> rows) =>
        WriteAsync(
            [.. rows.Select(r => (RedisKey)Key(r.ItemId))],
            [.. rows.Select(r => (RedisValue)CopyFormat.Whole(r))]
        );

    public override Task ForgetAsync(IReadOnlyList<long> itemIds) =>
        itemIds.Count == 0 ? Task.CompletedTask : AskAsync(open => open.Database.KeyDeleteAsync(Keys(itemIds)));

    public override async Task ForgetAllAsync()
    {
        RedisValue at = "0";
        do
        {
            at = (RedisValue)await RunAsync(CopyScripts.Sweep, [], [at, $"{prefix}[0-9]*"]);
        } while (at != "0");
    }

    public override async Task<string?> ReadCursorAsync()
    {
        try
        {
            return await AskAsync(open => open.Database.StringGetAsync($"{prefix}cursor"));
        }
        catch (CacheAwayException e) when (e.InnerException is RedisServerException)
        {
            // Not text, so no cursor of ours: as if there were none.
            return null;
        }
    }

    public override Task WriteCursorAsync(string cursor) =>
        AskAsync(open => open.Database.StringSetAsync($"{prefix}cursor", cursor));

    public override ValueTask DisposeAsync() => connections.DisposeAsync();

    private ItemLevels? Read(RedisConnections.Pair open, long itemId, RedisValue value)
    {
        byte[]? copy = value;
        if (copy is null)
        {
            return null;
        }

        var levels = CopyFormat.Read(itemId, copy);
        if (levels is null && !CopyFormat.IsLease(copy))
        {
            Discard(open, itemId);
        }

        return levels;
    }

    // Sent before whatever is sent next on this connection, so the lease that follows a miss begins a new copy.
    private void Discard(RedisConnections.Pair open, long itemId) =>
        open.Database.KeyDelete(Key(itemId), CommandFlags.FireAndForget);

    private async Task<IReadOnlyList<int>> WriteAsync(RedisKey[] keys, RedisValue[] rows)
    {
        // All on their way at once; Redis answers others between them.
        var parts = await AskAsync(open =>
            Task.WhenAll(
                Enumerable
                    .Range(0, (keys.Length + WriteRowsMax - 1) / WriteRowsMax)
                    .Select(part => (part * WriteRowsMax)..Math.Min(keys.Length, (part + 1) * WriteRowsMax))
                    .Select(part => open.Written.ScriptEvaluateAsync(CopyScripts.Write, keys[part], rows[part]))
            )
        );
        return [.. parts.SelectMany((newer, part) => ((int[])newer!).Select(place => part * WriteRowsMax + place))];
    }

    private Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments) =>
        AskAsync(open => open.Database.ScriptEvaluateAsync(script, keys, arguments));

    private async Task<T> AskAsync<T>(Func<RedisConnections.Pair, Task<T>> ask)
    {
        var open = connections.Current ?? throw new CacheAwayException("Redis is not connected.");
        try
        {
            return await ask(open).WaitAsync(RedisConnections.AnswerMax);
        }
        catch (Exception e) when (RedisConnections.IsAway(e) || e is RedisServerException)
        {
            throw new CacheAwayException("Redis did not answer as it should.", e);
        }
    }

    private static RedisValue Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private RedisKey[] Keys(IReadOnlyList<long> itemIds) => [.. itemIds.Select(id => (RedisKey)Key(id))];

    private string Key(long itemId) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{itemId}");
}
