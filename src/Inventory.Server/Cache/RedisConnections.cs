using StackExchange.Redis;

namespace Inventory.Server.Cache;

/// <summary>
/// Keeps the connections to Redis: made in the background, given up when they do not answer, made anew.
/// </summary>
/// <remarks>
/// The client sets no limit to an answer's time. Instead a beat asks Redis four times a second, and a connection that
/// does not answer is given up, which fails all that wait on it: a read costs no timer of its own. A lost connection is
/// never mended, a new one is made, so that its number says whether Redis may have come back without what was written.
/// </remarks>
internal sealed class RedisConnections : IAsyncDisposable
{
    /// <summary>Who has no answer by then has none.</summary>
    internal static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConfigurationOptions options;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task beating;
    private volatile Pair? current;
    private int incarnations;

    /// <summary>
    /// A question waits behind all that was sent before it on its connection, so writes have their own.
    /// </summary>
    internal sealed record Pair(
        ConnectionMultiplexer Redis,
        IDatabase Database,
        ConnectionMultiplexer Writer,
        IDatabase Written,
        int Incarnation
    )
    {
        public void Close()
        {
            Redis.Close(allowCommandsToComplete: false);
            Writer.Close(allowCommandsToComplete: false);
        }
    }

    internal RedisConnections(ConfigurationOptions options, ILogger logger)
    {
        (this.options, this.logger) = (options, logger);
        options.ClientName ??= "inventory";
        // We try again ourselves, with a fresh connection.
        options.AbortOnConnectFail = true;
        options.ConnectRetry = 1;
        options.ConnectTimeout = (int)AnswerMax.TotalMilliseconds;
        // Connections and answers are completed on the client's own threads, which must not run our loop.
        beating = Task.Run(BeatAsync);
    }

    /// <summary>Null while Redis is away.</summary>
    internal Pair? Current => current;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await beating;
        if (current is { } open)
        {
            GiveUp(open);
        }

        stopping.Dispose();
    }

    internal static bool IsAway(Exception e) =>
        e is RedisConnectionException or TimeoutException or ObjectDisposedException or TaskCanceledException;

    private async Task BeatAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            if (current is not { } open)
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
        ConnectionMultiplexer? redis = null;
        try
        {
            redis = await ConnectOneAsync();
            var writer = await ConnectOneAsync();
            var open = new Pair(
                redis,
                redis.GetDatabase(),
                writer,
                writer.GetDatabase(),
                Interlocked.Increment(ref incarnations)
            );
            redis.ConnectionFailed += (_, _) => GiveUp(open);
            writer.ConnectionFailed += (_, _) => GiveUp(open);
            current = open;
            logger.RedisConnected();
        }
        catch (Exception e) when (IsAway(e))
        {
            redis?.Close(allowCommandsToComplete: false);
            logger.RedisAway(e.Message);
        }
    }

    private async Task<ConnectionMultiplexer> ConnectOneAsync()
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
#if !OFFICIAL_GRPC
        redis.PreserveAsyncOrder = false;
#endif
        return redis;
    }

    private static async Task<bool> AnswersAsync(Pair open)
    {
        try
        {
            await Task.WhenAll(open.Database.PingAsync(), open.Written.PingAsync()).WaitAsync(AnswerMax);
            return true;
        }
        catch (Exception e) when (IsAway(e))
        {
            return false;
        }
    }

    private void GiveUp(Pair lost)
    {
        if (Interlocked.CompareExchange(ref current, null, lost) == lost)
        {
            if (!stopping.IsCancellationRequested)
            {
                logger.RedisLost();
            }

            // It may be called on a thread that the client needs to end itself.
            _ = Task.Run(lost.Close);
        }
    }
}
