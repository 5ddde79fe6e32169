namespace Inventory.Server.Embedded;

internal enum Answer
{
    /// <summary>Nothing listens there, or it does not speak.</summary>
    None = 1,

    /// <summary>It is there and not ready yet: recovering, or on its way down.</summary>
    NotYet = 2,

    Ready = 3,
}

/// <summary>What is particular to PostgreSQL and to Redis; how they are run is the same.</summary>
internal sealed record ServerKind
{
    public required string Name { get; init; }

    public required string Program { get; init; }

    /// <summary>Stands in the command line; tells our server from any other of the same program.</summary>
    public required string Path { get; init; }

    /// <summary>Written by the server itself.</summary>
    public required string PidFile { get; init; }

    public required string Log { get; init; }

    /// <summary>Where we keep the port, so that a server left behind is found, and a new one keeps its port.</summary>
    public required string PortFile { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Done before each start, when none of ours is running.</summary>
    public required Func<int, CancellationToken, Task> ConfigureAsync { get; init; }

    public required Func<int, CancellationToken, Task<Answer>> AskAsync { get; init; }

    public required IReadOnlyList<(Signal Signal, TimeSpan Limit)> Stop { get; init; }
}
