using System.IO.Compression;
using Grpc.AspNetCore.Server.Model;
using Inventory.Server.Errors;
using Inventory.Server.Health;
using Inventory.Server.Reflection;
using Inventory.Server.Services;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Inventory.Server.Hosting;

/// <summary>Which gRPC services are served, and how large their messages may be.</summary>
internal static class GrpcSetup
{
    private const int KiB = 1024;

    /// <summary>What any call takes that does not say otherwise.</summary>
    internal const int MessageBytesMax = 256 * KiB;

    /// <summary>A hundred lines of the longest names fit ten times over.</summary>
    private const int ReserveBytesMax = 128 * KiB;

    /// <summary>Of a bulk update: 10,000 rows of ordinary names fit several times over.</summary>
    internal const int BulkBytesMax = 4 * 1024 * KiB;

    /// <summary>What gRPC puts before a message.</summary>
    internal const int FrameBytes = 5;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<CallGuard>();
        services.AddSingleton<DescriptorIndex>();
        // One instance serves all calls; without this gRPC makes one for each.
        AddInstances(services);
        services.AddSingleton(
            new ServedApi([
                V1.ReservationService.Descriptor,
                V1.AvailabilityService.Descriptor,
                V1.StockService.Descriptor,
                V1.CatalogService.Descriptor,
                V1.WarehouseService.Descriptor,
                V1.TransferService.Descriptor,
                V1.ReplenishmentService.Descriptor,
                V1.JournalService.Descriptor,
                V1.AccessService.Descriptor,
                V1.UserService.Descriptor,
                V1.ScanService.Descriptor,
                V1.EventService.Descriptor,
                V1.AlertService.Descriptor,
                V1.CountService.Descriptor,
                V1.IntegrityService.Descriptor,
                V1.ReportService.Descriptor,
                Grpc.Health.V1.Health.Descriptor,
                Grpc.Reflection.V1.ServerReflection.Descriptor,
                Grpc.Reflection.V1Alpha.ServerReflection.Descriptor,
            ])
        );
        services
            .AddGrpc(grpc =>
            {
                grpc.MaxReceiveMessageSize = MessageBytesMax;
                grpc.Interceptors.Add<CallGuard>();
                grpc.CompressionProviders = [new BoundedGzip(CompressionLevel.Fastest, MessageBytesMax)];
            })
            .AddServiceOptions<ReservationService>(reservations =>
            {
                reservations.MaxReceiveMessageSize = ReserveBytesMax;
                reservations.CompressionProviders = [new BoundedGzip(CompressionLevel.Fastest, ReserveBytesMax)];
            })
            .AddServiceOptions<StockService>(stock =>
            {
                stock.MaxReceiveMessageSize = BulkBytesMax;
                stock.CompressionProviders = [new BoundedGzip(CompressionLevel.Fastest, BulkBytesMax)];
            });
        services.RemoveAll(typeof(IServiceMethodProvider<>));
        services.AddSingleton(typeof(IServiceMethodProvider<>), typeof(GrpcMethods<>));
    }

    /// <summary>One instance serves all calls; without this gRPC makes one for each.</summary>
    private static void AddInstances(IServiceCollection services)
    {
        services.AddSingleton<HealthService>();
        services.AddSingleton<ReflectionService>();
        services.AddSingleton<ReflectionAlphaService>();
        services.AddSingleton<ReservationService>();
        services.AddSingleton<ReservationEnds>();
        services.AddSingleton<Returns>();
        services.AddSingleton<AvailabilityService>();
        services.AddSingleton<BulkUpdates>();
        services.AddSingleton<StockService>();
        services.AddSingleton<CatalogService>();
        services.AddSingleton<WarehouseService>();
        services.AddSingleton<TransferService>();
        services.AddSingleton<JournalService>();
        services.AddSingleton<AccessService>();
        services.AddSingleton<ScanService>();
        services.AddSingleton<ReplenishmentService>();
        services.AddSingleton<UserService>();
        services.AddSingleton<EventService>();
        services.AddSingleton<AlertService>();
        services.AddSingleton<CountService>();
        services.AddSingleton<IntegrityService>();
        services.AddSingleton<ReportService>();
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<ReservationService>();
        endpoints.MapGrpcService<AvailabilityService>();
        endpoints.MapGrpcService<StockService>();
        endpoints.MapGrpcService<CatalogService>();
        endpoints.MapGrpcService<WarehouseService>();
        endpoints.MapGrpcService<TransferService>();
        endpoints.MapGrpcService<ReplenishmentService>();
        endpoints.MapGrpcService<JournalService>();
        endpoints.MapGrpcService<AccessService>();
        endpoints.MapGrpcService<UserService>();
        endpoints.MapGrpcService<ScanService>();
        endpoints.MapGrpcService<EventService>();
        endpoints.MapGrpcService<AlertService>();
        endpoints.MapGrpcService<CountService>();
        endpoints.MapGrpcService<IntegrityService>();
        endpoints.MapGrpcService<ReportService>();
        endpoints.MapGrpcService<HealthService>();
        endpoints.MapGrpcService<ReflectionService>();
        endpoints.MapGrpcService<ReflectionAlphaService>();
    }
}
