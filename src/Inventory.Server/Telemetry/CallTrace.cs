using System.Diagnostics;

namespace Inventory.Server.Telemetry;

/// <summary>
/// What is kept of a call with all that it changes: its W3C trace id, and where it came from. The trace is that of the
/// caller's traceparent or of the server's own export; where there is neither, the caller's x-correlation-id if it is
/// 32 hexadecimal digits; or else it is made. A log of the call has it, and so has the answer if the call fails.
/// </summary>
internal sealed class CallTrace(Guid id)
{
    private const int Bytes = 16;

    /// <summary>Its digits are the trace's.</summary>
    public Guid Id => id;

    /// <summary>As it is written: 32 lower-case digits.</summary>
    public string Text => field ??= id.ToString("N");

    /// <summary>As the engine numbers it; null: not looked for, for the call changes nothing.</summary>
    public int? Origin { get; set; }

    /// <summary>The call's; made now if it has none.</summary>
    public static CallTrace Of(HttpContext http)
    {
        if (http.Features.Get<CallTrace>() is { } known)
        {
            return known;
        }

        var made = new CallTrace(
            Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? Of(activity) : Made()
        );
        http.Features.Set(made);
        return made;
    }

    /// <summary>For a call without an activity: its correlation id, where that can be a trace's.</summary>
    public static void Adopt(HttpContext http, string correlation)
    {
        if (Activity.Current is null && Guid.TryParseExact(correlation, "N", out var id) && id != Guid.Empty)
        {
            http.Features.Set(new CallTrace(id));
        }
    }

    private static Guid Of(Activity activity)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        activity.TraceId.CopyTo(bytes);
        return new(bytes, bigEndian: true);
    }

    /// <summary>It tells calls apart and is no secret.</summary>
    private static Guid Made()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Random.Shared.NextBytes(bytes);
        return new(bytes);
    }
}
