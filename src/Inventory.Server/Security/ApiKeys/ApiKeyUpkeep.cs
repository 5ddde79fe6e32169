namespace Inventory.Server.Security.ApiKeys;

/// <summary>Reads the ring of API keys on schedule, so that a key that was revoked ends within 30 seconds.</summary>
internal sealed class ApiKeyUpkeep(ApiKeyRing ring) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ApiKeyRing.ReadEvery);
        try
        {
            do
            {
                await ring.ReadAsync(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }
}
