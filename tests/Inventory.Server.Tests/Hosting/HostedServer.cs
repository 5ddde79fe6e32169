using Grpc.Net.Client;
using Inventory.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inventory.Server.Tests.Hosting;

/// <summary>The server as Program runs it, on real Kestrel and free ports, in this process.</summary>
public sealed class HostedServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private HostedServer(WebApplication app, LogRecorder log)
    {
        this.app = app;
        Log = log;
        Ports = ServerPorts.Of(app);
        Channel = GrpcChannel.ForAddress(Ports.Grpc);
        // What one test is given is not sent by another.
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(Ports.Http) };
    }

    public ServerPorts Ports { get; }

    public GrpcChannel Channel { get; }

    public HttpClient Http { get; }

    public LogRecorder Log { get; }

    public V1.ReservationService.ReservationServiceClient Reservations => new(Channel);

    /// <param name="database">A connection string.</param>
    /// <param name="settings">What else the server is told.</param>
    public static async Task<HostedServer> StartAsync(
        string database,
        params (Setting Setting, string Value)[] settings
    )
    {
        var log = new LogRecorder();
        (Setting Setting, string Value)[] all =
        [
            (Setting.Database, database),
            (Setting.GrpcPort, "0"),
            (Setting.HttpPort, "0"),
            .. settings,
        ];
        var app = ServerHost.Build(
            [
                // Calls of a test come from this machine, and it need not say who it is; tests of who may call do.
                new(WebHostDefaults.EnvironmentKey, Environments.Development),
                .. all.Select(s => new KeyValuePair<string, string?>(s.Setting.ConfigurationKey, s.Value)),
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(log);
            }
        );
        await app.StartAsync();
        return new HostedServer(app, log);
    }

    public T Part<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>A stop as SIGTERM begins it; returns when nothing is in flight.</summary>
    public Task StopAsync(CancellationToken giveUp = default) => app.StopAsync(giveUp);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        Http.Dispose();
        await app.DisposeAsync();
    }
}
