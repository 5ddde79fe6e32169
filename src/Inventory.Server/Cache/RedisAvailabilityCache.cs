using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using StackExchange.Redis;

namespace Inventory.Server.Cache;

/// <summary>
/// Copies of stock levels in Redis, one key an item. The only file that knows the Redis client: keys, lifetimes, and
/// how a connection is kept.
/// </summary>
/// <remarks>
/// The client sets no limit to an answer's time. Instead a beat asks Redis four times a second, and a connection that
/// does not answer is given up, which fails all that wait on it: a read costs no timer of its own. A lost connection is
/// never mended, a new one is made, so that its number says whether Redis may have come back without what was written.
/// </remarks>
public sealed class RedisAvailabilityCache : AvailabilityCache
{
    /// <summary>How long a copy lives after it was filled.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions options;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task beating;
    private volatile Link? link;
    private volatile string? prefix;
    private int incarnations;

    private sealed record Link(ConnectionMultiplexer Redis, IDatabase Database, int Incarnation);

    public static object Parse(string connectionString) => ConfigurationOptions.Parse(connectionString);

    /// <summary>Connects in the background, and again whenever Redis comes back.</summary>
    /// <param name="connectionString">
    /// In the form of StackExchange.Redis: <c>host:port,password=…,defaultDatabase=…</c>.
    /// </param>
    /// <param name="logger">Is told when Redis goes and comes.</param>
    /// <exception cref="ArgumentException">The text is no such form.</exception>
    public RedisAvailabilityCache(string connectionString, ILogger<RedisAvailabilityCache> logger)
    {
        this.logger = logger;
        options = ConfigurationOptions.Parse(connectionString);
        options.ClientName ??= "inventory";
        // We try again ourselves, with a fresh connection.
        options.AbortOnConnectFail = true;
        options.ConnectRetry = 1;
        options.ConnectTimeout = (int)AnswerMax.TotalMilliseconds;
        // Connections and answers are completed on the client's own threads, which must not run our loop.
        beating = Task.Run(BeatAsync);
    }

    public override int Incarnation => prefix is null ? 0 : link?.Incarnation ?? 0;

    public override void Open(CellEra era)
    {
        var cell = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(era.Cell)))[..8];
        // The 2 is the form of the copies: servers of two versions keep apart.
        prefix = $"inventory:{cell}:2:{era.Era}:";
    }

    public override async ValueTask<ItemLevels?[]> FindAsync(IReadOnlyList<long> itemIds)
    {
        var found = new ItemLevels?[itemIds.Count];
        if (link is not { } open || itemIds.Count == 0)
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
        catch (Exception e) when (IsAway(e))
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
        itemIds.Count == 0 ? Task.CompletedTask : AskAsync(d => d.KeyDeleteAsync(Keys(itemIds)));

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
            return await AskAsync(d => d.StringGetAsync($"{prefix}cursor"));
        }
        catch (CacheAwayException e) when (e.InnerException is RedisServerException)
        {
            // Not text, so no cursor of ours: as if there were none.
            return null;
        }
    }

    public override Task WriteCursorAsync(string cursor) => AskAsync(d => d.StringSetAsync($"{prefix}cursor", cursor));

    public override async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await beating;
        if (link is { } open)
        {
            GiveUp(open);
        }

        stopping.Dispose();
    }

    private async Task BeatAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            if (link is not { } open)
            {
                await ConnectAsync();
            }
            else if (!await AnswersAsync(open))
            {
                GiveUp(open);
            }

            await Task.Delay(BeatEvery, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAsync()
    {
        try
        {
            var redis = await ConnectionMultiplexer.ConnectAsync(options);
#if !OFFICIAL_GRPC
            redis.PreserveAsyncOrder = false;
#endif
            var open = new Link(redis, redis.GetDatabase(), Interlocked.Increment(ref incarnations));
            redis.ConnectionFailed += (_, _) => GiveUp(open);
            link = open;
            logger.RedisConnected();
        }
        catch (Exception e) when (IsAway(e))
        {
            logger.RedisAway(e.Message);
        }
    }

    private static async Task<bool> AnswersAsync(Link open)
    {
        try
        {
            await open.Database.PingAsync().WaitAsync(AnswerMax);
            return true;
        }
        catch (Exception e) when (IsAway(e))
        {
            return false;
        }
    }

    private void GiveUp(Link lost)
    {
        if (Interlocked.CompareExchange(ref link, null, lost) == lost)
        {
            if (!stopping.IsCancellationRequested)
            {
                logger.RedisLost();
            }

            // It may be called on a thread that the client needs to end itself.
            _ = Task.Run(() => lost.Redis.Close(allowCommandsToComplete: false));
        }
    }

    private ItemLevels? Read(Link open, long itemId, RedisValue value)
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
    private void Discard(Link open, long itemId) => open.Database.KeyDelete(Key(itemId), CommandFlags.FireAndForget);

    private async Task<IReadOnlyList<int>> WriteAsync(RedisKey[] keys, RedisValue[] rows) =>
        (int[])(await RunAsync(CopyScripts.Write, keys, rows))!;

    private Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments) =>
        AskAsync(d => d.ScriptEvaluateAsync(script, keys, arguments));

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        var open = link ?? throw new CacheAwayException("Redis is not connected.");
        try
        {
            return await ask(open.Database).WaitAsync(AnswerMax);
        }
        catch (Exception e) when (IsAway(e) || e is RedisServerException)
        {
            throw new CacheAwayException("Redis did not answer as it should.", e);
        }
    }

    private static bool IsAway(Exception e) =>
        e is RedisConnectionException or TimeoutException or ObjectDisposedException or TaskCanceledException;

    private static RedisValue Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private RedisKey[] Keys(IReadOnlyList<long> itemIds) => [.. itemIds.Select(id => (RedisKey)Key(id))];

    private string Key(long itemId) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{itemId}");
}
