namespace Inventory.Faults.Network;

/// <summary>What a proxy understands of the bytes that pass.</summary>
public enum Wire
{
    /// <summary>Nothing: any protocol passes.</summary>
    Raw,

    /// <summary>PostgreSQL's protocol 3, without TLS: single statements and their answers can be picked out.</summary>
    Postgres,
}
