namespace Inventory.Server.Health;

/// <summary>One thing that must hold before calls are sent here.</summary>
/// <param name="Name">As /health shows it.</param>
/// <param name="Find">
/// Answers null when all is well, otherwise what is wrong, in words that anyone may read. It may throw: then what is
/// wrong is the exception's type.
/// </param>
public sealed record HealthProbe(string Name, Func<CancellationToken, Task<string?>> Find);
