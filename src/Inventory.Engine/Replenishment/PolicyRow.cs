namespace Inventory.Engine.Replenishment;

/// <summary>What a statement that edits policies answers.</summary>
internal sealed class PolicyRow
{
    public int Outcome { get; init; }

    /// <summary>The policy as JSON, if there is one to show.</summary>
    public string? Answer { get; init; }

    /// <summary>As it is now; 0 where there is none.</summary>
    public long Version { get; init; }

    internal PolicyAnswer ToAnswer()
    {
        var outcome = (PolicyOutcome)Outcome;
        var shown = outcome is PolicyOutcome.Done or PolicyOutcome.Replayed;
        return new(outcome, shown ? StoredPolicy.Parse(Answer!).ToPolicy() : null, Version);
    }
}
