namespace Inventory.Server.Health;

/// <summary>The body of GET /health.</summary>
internal sealed record HealthReport(string Status, string Version, IReadOnlyList<HealthReport.Check> Checks)
{
    internal sealed record Check(string Name, string Status, string? Problem, double Milliseconds);
}
