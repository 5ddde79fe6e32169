using Google.Protobuf.WellKnownTypes;

namespace Inventory.Server.Validation;

/// <summary>
/// Rules for durations and times. Any numbers can stand in these messages; .NET's own conversions throw on most.
/// </summary>
internal static class TimeRules
{
    private const int NanosMax = 999_999_999;
    private static readonly long FirstSecond = Timestamp
        .FromDateTime(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc))
        .Seconds;
    private static readonly long LastSecond = Timestamp
        .FromDateTime(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc))
        .Seconds;

    /// <param name="value">Null when it is not set, which is well.</param>
    /// <param name="minSeconds">The shortest, in seconds.</param>
    /// <param name="maxSeconds">The longest, in seconds.</param>
    /// <param name="range">For people.</param>
    public static Problem? Between(Duration? value, long minSeconds, long maxSeconds, string range)
    {
        if (value is null)
        {
            return null;
        }

        var valid =
            value.Nanos is >= 0 and <= NanosMax
            && value.Seconds >= minSeconds
            && (value.Seconds < maxSeconds || (value.Seconds == maxSeconds && value.Nanos == 0));
        return valid ? null : Problem.OutOfRange(range);
    }

    /// <summary>A time from year 1 to 9999, if it is set.</summary>
    public static Problem? Valid(Timestamp? value) =>
        value is null
        || (value.Nanos is >= 0 and <= NanosMax && value.Seconds >= FirstSecond && value.Seconds <= LastSecond)
            ? null
            : Problem.OutOfRange("a time from year 1 to 9999");
}
