using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace Inventory.Server.Telemetry;

/// <summary>
/// One id through the systems that a call passes: what the caller sends as x-correlation-id, or else the trace of its
/// traceparent, is echoed and stands in the scope of every log of the call. A caller that sends neither pays nothing,
/// and gets an id when something fails.
/// </summary>
internal static class Correlation
{
    public const string Header = "x-correlation-id";
    private const int LengthMax = 128;
    private static readonly object ItemKey = new();

    public static void Use(IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Inventory.Server.Call");
        app.Use(next =>
            context =>
            {
                var headers = context.Request.Headers;
                var sent = headers[Header];
                return sent.Count == 0 && headers.TraceParent.Count == 0
                    ? next(context)
                    : WithScopeAsync(next, context, sent, logger);
            }
        );
    }

    /// <summary>The call's id; made now for a call that came without one.</summary>
    public static string Of(HttpContext context)
    {
        if (context.Items.TryGetValue(ItemKey, out var known))
        {
            return (string)known!;
        }

        var made = CallTrace.Of(context).Text;
        context.Items[ItemKey] = made;
        if (!context.Response.HasStarted)
        {
            context.Response.Headers[Header] = made;
        }

        return made;
    }

    private static async Task WithScopeAsync(
        RequestDelegate next,
        HttpContext context,
        StringValues sent,
        ILogger logger
    )
    {
        using var activity = ContinueTrace(context.Request.Headers.TraceParent);
        var id = sent is [{ } one] && IsValid(one) ? one : Activity.Current?.TraceId.ToHexString();
        if (id is null)
        {
            // Neither can be used. What is not an id is not echoed and not logged: it may be an attack on whoever reads
            // the log.
            await next(context);
            return;
        }

        context.Items[ItemKey] = id;
        context.Response.Headers[Header] = id;
        CallTrace.Adopt(context, id);
        using (logger.BeginScope(new CallScope(id, Activity.Current is null ? CallTrace.Of(context).Text : null)))
        {
            await next(context);
        }
    }

    /// <summary>
    /// Where nothing exports traces the host makes no activity; then this one carries the caller's trace into the logs.
    /// </summary>
    private static Activity? ContinueTrace(StringValues traceParent)
    {
        if (Activity.Current is not null || traceParent is not [{ } text])
        {
            return null;
        }

        return ActivityContext.TryParse(text, traceState: null, out var parent)
            ? new Activity("call").SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start()
            : null;
    }

    private static bool IsValid(string id)
    {
        foreach (var c in id)
        {
            if (c is < '!' or > '~')
            {
                return false;
            }
        }

        return id.Length is > 0 and <= LengthMax;
    }
}
