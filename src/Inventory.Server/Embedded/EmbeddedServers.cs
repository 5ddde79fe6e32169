namespace Inventory.Server.Embedded;

/// <summary>The private PostgreSQL and Redis of one data folder, from start to stop.</summary>
public sealed class EmbeddedServers : IAsyncDisposable
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly DataFolder folder;
    private readonly ILogger logger;
    private Task watch = Task.CompletedTask;
    private bool disposed;

    private EmbeddedServers(DataFolder folder, ILogger logger)
    {
        this.folder = folder;
        this.logger = logger;
    }

    public PrivateServer? Postgres { get; private set; }

    public PrivateServer? Redis { get; private set; }

    /// <summary>Null when PostgreSQL is not ours.</summary>
    public string? PostgresConnectionString =>
        Postgres is null ? null : PrivatePostgres.ConnectionString(folder, Postgres.Port);

    /// <summary>Null when Redis is not ours.</summary>
    public string? RedisConnectionString => Redis is null ? null : PrivateRedis.ConnectionString(folder, Redis.Port);

    /// <summary>The connection strings of what is ours, for the host's configuration.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Configuration
    {
        get
        {
            if (PostgresConnectionString is { } postgres)
            {
                yield return new(EmbeddedOptions.PostgresKey, postgres);
            }

            if (RedisConnectionString is { } redis)
            {
                yield return new(EmbeddedOptions.RedisKey, redis);
            }
        }
    }

    /// <summary>Returns when both serve. With neither wanted it does nothing and needs no folder.</summary>
    /// <exception cref="EmbeddedException">
    /// The folder is in use, a program is missing, or a server does not start.
    /// </exception>
    public static async Task<EmbeddedServers?> StartAsync(
        EmbeddedOptions options,
        ILogger logger,
        CancellationToken cancellation
    )
    {
        if (options is { Postgres: false, Redis: false })
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new EmbeddedException(
                "Private servers run on Linux only. Set ConnectionStrings__Inventory and ConnectionStrings__Redis."
            );
        }

        var servers = new EmbeddedServers(await DataFolder.OpenAsync(options.DataFolder, cancellation), logger);
        try
        {
            await servers.StartPartsAsync(options, cancellation);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stopping.CancelAsync();
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(Postgres?.StopAsync() ?? Task.CompletedTask, Redis?.StopAsync() ?? Task.CompletedTask);
        folder.Dispose();
        stopping.Dispose();
    }

    private async Task StartPartsAsync(EmbeddedOptions options, CancellationToken cancellation)
    {
        if (options.Redis)
        {
            Redis = await PrivateRedis.PrepareAsync(folder, logger, cancellation);
            await Redis.StartAsync(cancellation);
        }

        if (options.Postgres)
        {
            Postgres = await PrivatePostgres.PrepareAsync(folder, options, logger, cancellation);
            await Postgres.StartAsync(cancellation);
            await PrivatePostgres.EnsureDatabaseAsync(folder, Postgres.Port, cancellation);
        }

        if (options.Restart)
        {
            watch = WatchAsync(stopping.Token);
        }
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(WatchEvery);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await ReviveAsync(Postgres, "PostgreSQL", cancellation);
            await ReviveAsync(Redis, "Redis", cancellation);
        }
    }

    private async Task ReviveAsync(PrivateServer? server, string name, CancellationToken cancellation)
    {
        if (server is null or { IsRunning: true })
        {
            return;
        }

        logger.ServerLost(name);
        try
        {
            await server.StartAgainAsync(cancellation);
        }
        catch (EmbeddedException failed)
        {
            // Tried again at the next tick; meanwhile the engine answers UNAVAILABLE.
            logger.RestartFailed(failed, name);
        }
    }
}
