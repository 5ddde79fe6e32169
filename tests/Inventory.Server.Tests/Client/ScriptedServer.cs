using System.Collections.Concurrent;
using Grpc.Core;
using Inventory.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inventory.Server.Tests.Client;

/// <summary>A server that does to each attempt what a test says, and remembers what was asked.</summary>
internal sealed class ScriptedServer : ReservationService.ReservationServiceBase, IAsyncDisposable
{
    private readonly ConcurrentQueue<ReserveInventoryRequest> asked = new();
    private WebApplication? app;

    /// <summary>Reservations that were asked for, an entry each attempt.</summary>
    public IReadOnlyList<ReserveInventoryRequest> Asked => [.. asked];

    /// <summary>When the last attempt must end, as the server was told.</summary>
    public DateTime Deadline { get; private set; }

    /// <summary>Happens to an attempt, counted from 1, before it is answered OK.</summary>
    public Func<int, ServerCallContext, Task> Script { get; set; } = (_, _) => Task.CompletedTask;

    public Uri Address => new(app!.Urls.Single());

    public static async Task<ScriptedServer> StartAsync()
    {
        var server = new ScriptedServer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2)
        );
        builder.Services.AddSingleton(server);
        builder.Services.AddGrpc();
        server.app = builder.Build();
        server.app.MapGrpcService<ScriptedServer>();
        await server.app.StartAsync();
        return server;
    }

    public override async Task<ReserveInventoryResponse> ReserveInventory(
        ReserveInventoryRequest request,
        ServerCallContext context
    )
    {
        asked.Enqueue(request);
        Deadline = context.Deadline;
        await Script(asked.Count, context);
        return new() { Reservation = new() { RequestId = request.RequestId } };
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }
}
