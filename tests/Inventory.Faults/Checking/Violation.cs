namespace Inventory.Faults.Checking;

/// <summary>A promise that was not kept, by its number in the list of promises.</summary>
public sealed record Violation(int Promise, string What)
{
    public override string ToString() => $"promise {Promise}: {What}";
}
