namespace Inventory.Faults.Network;

/// <summary>One request to PostgreSQL, up to its Sync, which the database answers up to one ReadyForQuery.</summary>
/// <param name="Swallows">The trap that takes the answer, if one does.</param>
internal sealed record Cycle(Trap? Swallows);
