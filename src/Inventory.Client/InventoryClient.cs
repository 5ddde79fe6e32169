using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Inventory.V1;

namespace Inventory.Client;

/// <summary>
/// All services of a server over one channel. Calls get a request id and a deadline where the caller gives none, and
/// are repeated where that is safe (<see cref="SafeRetries"/>). One instance serves a whole process; it is safe to use
/// from many threads.
/// </summary>
public sealed class InventoryClient : IDisposable
{
    // A connection that vanished without a word is noticed in about this time, and replaced.
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PongWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);

    private readonly GrpcChannel channel;

    /// <summary>Connects with the first call.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public InventoryClient(InventoryClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var settings = new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                // One connection carries a bounded number of calls; more calls make more connections.
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = PingAfter,
                KeepAlivePingTimeout = PongWithin,
                ConnectTimeout = ConnectWithin,
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = options.MessageBytesMax,
            // gRPC's own retries know nothing of request ids.
            MaxRetryAttempts = 1,
        };
        options.ConfigureChannel?.Invoke(settings);
        channel = GrpcChannel.ForAddress(options.Address, settings);
        Invoker = channel.Intercept(new SafeRetries(options));
        Reservations = new(Invoker);
        Availability = new(Invoker);
        Stock = new(Invoker);
        Catalog = new(Invoker);
        Warehouses = new(Invoker);
        Transfers = new(Invoker);
        Replenishment = new(Invoker);
        Journal = new(Invoker);
    }

    /// <summary>For a service that is not among these: calls through it are treated alike.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Holds, their confirmation and release.</summary>
    public ReservationService.ReservationServiceClient Reservations { get; }

    /// <summary>What can be had, by SKU and by cart.</summary>
    public AvailabilityService.AvailabilityServiceClient Availability { get; }

    /// <summary>Levels: receipts, corrections, counts, in ones and in bulk.</summary>
    public StockService.StockServiceClient Stock { get; }

    /// <summary>Items.</summary>
    public CatalogService.CatalogServiceClient Catalog { get; }

    /// <summary>Warehouses.</summary>
    public WarehouseService.WarehouseServiceClient Warehouses { get; }

    /// <summary>Stock on its way from one warehouse to another.</summary>
    public TransferService.TransferServiceClient Transfers { get; }

    /// <summary>When to order, what is on order, and forecasts.</summary>
    public ReplenishmentService.ReplenishmentServiceClient Replenishment { get; }

    /// <summary>The journal and the books.</summary>
    public JournalService.JournalServiceClient Journal { get; }

    /// <summary>Ends the connections; calls in flight are cancelled.</summary>
    public void Dispose() => channel.Dispose();
}
