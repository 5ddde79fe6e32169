namespace Inventory.Engine.Access;

/// <summary>A change that moved no stock, as it was written down with it.</summary>
public sealed record Mutation
{
    /// <summary>When, by the database's clock, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>The RPC.</summary>
    public required string Operation { get; init; }

    /// <summary>What it changed, by its id.</summary>
    public required string Target { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>The scope under which it was allowed; none: by a command, with the rights of the owner.</summary>
    public string? Scope { get; init; }

    /// <summary>From which address it was asked. Personal data.</summary>
    public string? Address { get; init; }

    /// <summary>The W3C trace id of the call, its 32 digits as a UUID; none: there was no call.</summary>
    public Guid? Trace { get; init; }
}
