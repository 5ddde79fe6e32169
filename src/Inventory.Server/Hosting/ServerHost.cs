using Inventory.Server.Alerts;
using Inventory.Server.Cache;
using Inventory.Server.Csv;
using Inventory.Server.Events;
using Inventory.Server.Followers;
using Inventory.Server.Health;
using Inventory.Server.Hosting.Deadlines;
using Inventory.Server.Jobs;
using Inventory.Server.Reports;
using Inventory.Server.Rest;
using Inventory.Server.Rest.OpenApi;
using Inventory.Server.Scans;
using Inventory.Server.Security;
using Inventory.Server.Security.Sessions;
using Inventory.Server.Telemetry;
using Inventory.Server.Telemetry.Prometheus;

namespace Inventory.Server.Hosting;

/// <summary>Puts the server together. Program runs it; tests start it on free ports.</summary>
public static class ServerHost
{
    /// <param name="settings">What goes before environment variables and appsettings.json.</param>
    /// <param name="customize">A last word on services and logging, for tests.</param>
    /// <exception cref="ConfigurationException">A setting is missing or wrong; the message names each.</exception>
    public static WebApplication Build(
        IEnumerable<KeyValuePair<string, string?>> settings,
        Action<WebApplicationBuilder>? customize = null
    )
    {
        var builder = NewBuilder(settings);
        var options = ServerOptions.Read(builder.Configuration, builder.Environment);
        builder.WebHost.ConfigureKestrel(kestrel => KestrelSetup.Configure(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainDelay + options.DrainLimit);
        builder.Services.AddSingleton(options);
        AddHealth(builder.Services);
        AddTelemetry(builder.Services, options);
        EngineSetup.Add(builder.Services, options);
        CacheSetup.Add(builder.Services, options.Redis);
        FollowerSetup.Add(builder.Services);
        EventSetup.Add(builder.Services, options.Events);
        AlertSetup.Add(builder.Services, options.Alerts);
        GrpcSetup.Add(builder.Services);
        DeadlineSetup.Add(builder.Services);
        if (options.ScanQueue is { } queue)
        {
            builder.Services.AddSingleton(queue);
            builder.Services.AddHostedService<ScanQueue>();
        }

        builder.Services.AddSingleton<InventoryImport>();
        builder.Services.AddSingleton<InventoryExport>();
        ReportSetup.Add(builder.Services);
        RestSetup.Add(builder.Services, options);
        SecuritySetup.Add(builder.Services, options);
        JobSetup.Add(builder.Services, options);
        customize?.Invoke(builder);

        var app = builder.Build();
        Correlation.Use(app);
        RestSetup.Use(app);
        SecuritySetup.Use(app);
        DeadlineSetup.Use(app);
        GrpcSetup.Map(app);
        HealthEndpoints.Map(app);
        CsvEndpoints.Map(app);
        DocsEndpoints.Map(app);
        SessionEndpoints.Map(app);
        // Made now: it knows only what is measured while it listens.
        var page = app.Services.GetRequiredService<MetricsPage>();
        app.MapRead("/metrics", () => Results.Text(page.Write(), MetricsPage.ContentType))
            .WithMetadata(Access.Of(Scopes.ReportsRead));
        return app;
    }

    /// <summary>
    /// Configuration and logging alone, for what happens before the server: private servers, migrations.
    /// </summary>
    public static WebApplicationBuilder NewBuilder(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var given = settings.ToList();
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                // Before the builder is there to read it: null leaves it to ASPNETCORE_ENVIRONMENT.
                EnvironmentName = given.FirstOrDefault(s => s.Key == WebHostDefaults.EnvironmentKey).Value,
            }
        );
        builder.Configuration.AddInMemoryCollection(given);
        LoggingSetup.Configure(builder.Logging, builder.Environment);
        return builder;
    }

    private static void AddHealth(IServiceCollection services)
    {
        DatabaseProbes.Add(services);
        services.AddSingleton<ServingState>();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddSingleton<Readiness>();
        services.AddHostedService(provider => provider.GetRequiredService<Readiness>());
    }

    private static void AddTelemetry(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<CallMetrics>();
        services.AddSingleton<MetricsPage>();
        if (options.Otlp is not null)
        {
            services.AddHostedService<OtlpExport>();
        }
    }
}
