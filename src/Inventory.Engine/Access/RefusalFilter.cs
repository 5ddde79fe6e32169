using Inventory.Engine.Database;

namespace Inventory.Engine.Access;

/// <summary>Which refusals to list: those that match all that is given.</summary>
public sealed record RefusalFilter
{
    /// <summary>Of this caller, exactly.</summary>
    public string? Caller { get; init; }

    /// <summary>For this reason.</summary>
    public string? Reason { get; init; }

    /// <summary>From this address, as it was written.</summary>
    public string? Address { get; init; }

    /// <summary>Of the call with this id, as it was written.</summary>
    public string? Trace { get; init; }

    /// <summary>At this time or after, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>Before this time, UTC.</summary>
    public DateTime? Before { get; init; }

    /// <summary>Whether a row may fail to match for another reason than its time.</summary>
    internal bool IsSparse => (Caller ?? Reason ?? Address ?? Trace) is not null;

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("refusals");
        content.Text(Caller ?? "");
        content.Text(Reason ?? "");
        content.Text(Address ?? "");
        content.Text(Trace ?? "");
        content.Number(From?.Ticks);
        content.Number(Before?.Ticks);
        return content.ToFingerprint();
    }
}
