namespace Inventory.Faults.Histories;

/// <summary>One call: what was asked, what was learnt, and when, by the clock of the machine.</summary>
public sealed record Entry(Ask Ask, Reply Reply, DateTimeOffset InvokedAt, DateTimeOffset CompletedAt)
{
    public bool MayHaveHadEffect => Reply is not Refused;

    public override string ToString() => $"{InvokedAt:HH:mm:ss.ffffff} to {CompletedAt:HH:mm:ss.ffffff} {Ask}: {Reply}";
}
