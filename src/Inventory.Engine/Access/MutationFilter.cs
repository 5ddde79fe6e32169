using Inventory.Engine.Database;

namespace Inventory.Engine.Access;

/// <summary>Which changes to list: those that match all that is given.</summary>
public sealed record MutationFilter
{
    /// <summary>Made by this caller, exactly.</summary>
    public string? Actor { get; init; }

    /// <summary>By this RPC, by its name alone.</summary>
    public string? Operation { get; init; }

    /// <summary>Of what has this id.</summary>
    public string? Target { get; init; }

    /// <summary>Made by the call with this trace id.</summary>
    public Guid? Trace { get; init; }

    /// <summary>At this time or after, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>Before this time, UTC.</summary>
    public DateTime? Before { get; init; }

    /// <summary>Whether a row may fail to match for another reason than its time or its trace.</summary>
    internal bool IsSparse => Actor is not null || Operation is not null || Target is not null;

    /// <summary>A page token is good for the filter that it was made for.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("mutations");
        content.Text(Actor ?? "");
        content.Text(Operation ?? "");
        content.Text(Target ?? "");
        content.Text(Trace?.ToString() ?? "");
        content.Number(From?.Ticks);
        content.Number(Before?.Ticks);
        return content.ToFingerprint();
    }
}
