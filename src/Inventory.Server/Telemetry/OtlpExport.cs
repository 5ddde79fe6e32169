using Inventory.Server.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Inventory.Server.Telemetry;

/// <summary>
/// Sends traces and metrics by OTLP while the host runs. What the options do not name, the exporter reads from the
/// standard OTEL_ variables. Without an endpoint this service is not registered, and no activity is made for a call.
/// </summary>
internal sealed class OtlpExport(ServerOptions options, ILogger<OtlpExport> logger) : IHostedService, IDisposable
{
    private const int ShutdownMs = 2_000;
    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder
            .CreateDefault()
            .AddService("inventory", serviceVersion: ServerVersion.Text)
            .AddEnvironmentVariableDetector();
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource([.. TelemetryNames.ActivitySources])
            .AddOtlpExporter(exporter => Configure(exporter, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. TelemetryNames.Meters])
            .AddOtlpExporter(exporter => Configure(exporter, "v1/metrics"))
            .Build();
        logger.OtlpOn(options.Otlp!.Endpoint);
        return Task.CompletedTask;
    }

    /// <summary>What is collected is sent; a collector that is away must not hold the stop.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                traces?.Shutdown(ShutdownMs);
                metrics?.Shutdown(ShutdownMs);
            },
            cancellationToken
        );

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    private void Configure(OtlpExporterOptions exporter, string path)
    {
        var otlp = options.Otlp!;
        exporter.Protocol = otlp.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // Over HTTP each signal has its own path below the endpoint; gRPC has one endpoint for all.
        exporter.Endpoint = otlp.Http ? new($"{otlp.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}") : otlp.Endpoint;
    }
}
