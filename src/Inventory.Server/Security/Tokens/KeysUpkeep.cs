namespace Inventory.Server.Security.Tokens;

/// <summary>Reads the issuer's keys at the start and on schedule.</summary>
internal sealed class KeysUpkeep(SigningKeys keys, TokenOptions options) : BackgroundService
{
    private static readonly TimeSpan FileEvery = TimeSpan.FromSeconds(10);

    /// <summary>The first reading ends, well or badly, before the server listens.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.KeysUrl is null ? FileEvery : options.KeysEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await keys.ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }
}
