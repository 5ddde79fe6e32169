namespace Inventory.Load.Trials;

/// <summary>How many calls can be open, and so wait, at the same time.</summary>
/// <param name="Streams">On each connection.</param>
internal sealed record CallsAtOnce(int Connections, int Streams)
{
    /// <summary>What servers commonly allow, on several connections.</summary>
    public static CallsAtOnce Usual { get; } = new(Connections: 8, Streams: 100);
}
