namespace Inventory.Server.Hosting;

/// <summary>
/// The server cannot start as it is configured. The message names every key that is missing or wrong.
/// </summary>
public sealed class ConfigurationException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
