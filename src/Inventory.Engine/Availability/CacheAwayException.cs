namespace Inventory.Engine.Availability;

/// <summary>
/// The cache cannot be reached, or does not answer in time. Nobody needs it: the tables are asked instead.
/// </summary>
public sealed class CacheAwayException(string message, Exception? inner = null) : Exception(message, inner);
