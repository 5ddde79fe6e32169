using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Inventory.Server.Validation;
using Microsoft.Extensions.Primitives;

namespace Inventory.Server.Rest;

/// <summary>HTTP headers that mean something to a call.</summary>
internal static class RestHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string ServerTimeout = "X-Server-Timeout";
    public const string GrpcTimeout = "grpc-timeout";
    private const string RequestIdField = "request_id";
    private const string ExpectedVersionField = "expected_version";
    private const string VersionField = "version";

    /// <summary>A timer takes no more.</summary>
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromDays(24);

    public static Metadata ToMetadata(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                // What gRPC's metadata cannot hold, such as a binary value that is no base64, is left out.
                try
                {
                    metadata.Add(
                        name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase)
                            ? new(name, Convert.FromBase64String(value ?? ""))
                            : new Metadata.Entry(name, value ?? "")
                    );
                }
                catch (Exception unfit) when (unfit is ArgumentException or FormatException)
                {
                    continue;
                }
            }
        }

        return metadata;
    }

    /// <summary>grpc-timeout, as gRPC has it ("500m"), or X-Server-Timeout in seconds; null: neither.</summary>
    public static TimeSpan? Timeout(IHeaderDictionary headers, RestProblems problems)
    {
        if (headers[GrpcTimeout] is { Count: > 0 } grpc)
        {
            return Parsed(GrpcTimeout, ReadGrpc(grpc.ToString()));
        }

        return headers[ServerTimeout] is { Count: > 0 } seconds
            ? Parsed(ServerTimeout, Times(seconds.ToString(), TimeSpan.TicksPerSecond))
            : null;

        TimeSpan? Parsed(string header, TimeSpan? span)
        {
            problems.Add(header, span is null ? Problem.Format("a time such as 5S (grpc-timeout) or 2.5") : null);
            return span;
        }
    }

    /// <summary>A time as gRPC writes it, such as 500m; null: it is none.</summary>
    public static TimeSpan? ReadGrpc(string text) =>
        text is [.. var digits, var unit] && Unit(unit) is { } ticks ? Times(digits, ticks) : null;

    /// <summary>Idempotency-Key is the request_id, where the request has one and does not give it.</summary>
    public static void ApplyIdempotencyKey(IHeaderDictionary headers, IMessage request, RestProblems problems)
    {
        if (
            headers[IdempotencyKey] is not { Count: > 0 } sent
            || request.Descriptor.FindFieldByName(RequestIdField) is not { FieldType: FieldType.String } field
        )
        {
            return;
        }

        // A structured header's string stands in quotes; most callers send it without.
        var key = sent.ToString() is ['"', .. var quoted, '"'] ? quoted : sent.ToString();
        var given = (string)field.Accessor.GetValue(request);
        if (given.Length > 0 && given != key)
        {
            problems.Add(RequestIdField, Problem.Conflict($"differs from {IdempotencyKey}"));
        }

        field.Accessor.SetValue(request, key);
    }

    /// <summary>
    /// If-Match with an ETag of this server is expected_version. A condition that cannot be kept is refused, never
    /// overlooked.
    /// </summary>
    /// <returns>Whether there is such a condition: then a stale version is 412.</returns>
    public static bool ApplyIfMatch(IHeaderDictionary headers, IMessage request, RestProblems problems)
    {
        var sent = headers.IfMatch;
        // "*" asks that there be something, which every edit asks.
        if (sent.Count == 0 || sent.ToString() == "*")
        {
            return false;
        }

        if (request.Descriptor.FindFieldByName(ExpectedVersionField) is not { FieldType: FieldType.Int64 } field)
        {
            problems.Add("If-Match", Problem.Conflict("is not taken here: the request has no expected_version"));
            return false;
        }

        if (Version(sent) is not { } version)
        {
            problems.Add("If-Match", Problem.Format("one ETag as this server gave it, such as \"3\""));
            return false;
        }

        if (field.Accessor.HasValue(request) && (long)field.Accessor.GetValue(request) != version)
        {
            problems.Add(ExpectedVersionField, Problem.Conflict("differs from If-Match"));
        }

        field.Accessor.SetValue(request, version);
        return true;
    }

    /// <summary>
    /// The version of what the response holds. It is a version and no fingerprint of the body: levels change without
    /// it, so nothing may be kept in a cache by it.
    /// </summary>
    public static string? ETag(IMessage response)
    {
        foreach (var field in response.Descriptor.Fields.InDeclarationOrder())
        {
            if (
                field is { IsRepeated: false, FieldType: FieldType.Message }
                && field.MessageType.FindFieldByName(VersionField) is { FieldType: FieldType.Int64 } version
                && field.Accessor.GetValue(response) is IMessage held
            )
            {
                return $"\"{version.Accessor.GetValue(held)}\"";
            }
        }

        return null;
    }

    private static long? Version(StringValues sent) =>
        sent.ToString() is ['"', .. var text, '"']
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;

    /// <returns>In ticks, of which a nanosecond is a hundredth.</returns>
    private static double? Unit(char unit) =>
        unit switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 1.0 / TimeSpan.NanosecondsPerTick,
            _ => null,
        };

    private static TimeSpan? Times(string text, double ticks) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
        && double.IsFinite(count)
            ? TimeSpan.FromTicks((long)Math.Min(count * ticks, TimeoutMax.Ticks))
            : null;
}
