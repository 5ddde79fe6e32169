namespace Inventory.Server.Hosting;

/// <summary>People read text, machines read JSON; both carry the trace and the call's scope.</summary>
internal static class LoggingSetup
{
    public static void Configure(ILoggingBuilder logging, IHostEnvironment environment)
    {
        logging.ClearProviders();
        logging.Configure(options =>
            options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId
        );
        if (environment.IsDevelopment())
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
            });
        }

        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
        logging.AddFilter("Quartz", LogLevel.Warning);
        // With this one on, the host makes an activity and a log scope for every call, whether or not anything is
        // logged.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
