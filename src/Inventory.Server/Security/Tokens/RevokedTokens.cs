using System.Collections.Frozen;
using Inventory.Engine.Access;
using Npgsql;

namespace Inventory.Server.Security.Tokens;

/// <summary>
/// The tokens that were ended before their time, in memory, read again every ten seconds. While the database is away
/// the last list stands: nobody can end a token then, and what is read from the cache goes on.
/// </summary>
internal sealed class RevokedTokens(ListRevokedTokens list, ILogger<RevokedTokens> logger) : BackgroundService
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadingMax = TimeSpan.FromSeconds(5);

    private volatile FrozenSet<string> revoked = FrozenSet<string>.Empty;

    public bool Has(string tokenId) => revoked.Contains(tokenId);

    /// <summary>Before the first call, if the database is there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadingMax);
        try
        {
            var ids = await list.ExecuteAsync(limit.Token);
            revoked = ids.ToFrozenSet(StringComparer.Ordinal);
        }
        catch (Exception away)
            when (away is NpgsqlException or TimeoutException
                || (away is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            logger.RevokedTokensUnread(away.Message);
        }
    }
}
