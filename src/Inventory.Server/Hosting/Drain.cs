using Inventory.Server.Health;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Hosting;

/// <summary>
/// The order of a stop: first balancers are told, then listening ends, then calls in flight finish. Calls that would
/// never finish by themselves (watches, streams) watch <see cref="Begun"/>.
/// </summary>
public sealed class Drain(ServingState serving, ServerOptions options, ILogger<Drain> logger)
    : IHostedLifecycleService,
        IDisposable
{
    private readonly CancellationTokenSource begun = new();

    /// <summary>Cancelled when new work is no longer taken. What is in flight may still finish.</summary>
    public CancellationToken Begun => begun.Token;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs before the web server is told to stop.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        serving.BeginDrain();
        logger.DrainBegins(options.DrainDelay, options.DrainLimit);
        await Task.Delay(options.DrainDelay, cancellationToken);
        await begun.CancelAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        logger.Stopped();
        return Task.CompletedTask;
    }

    public void Dispose() => begun.Dispose();
}
