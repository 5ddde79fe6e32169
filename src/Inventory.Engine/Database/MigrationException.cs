namespace Inventory.Engine.Database;

/// <summary>The database's schema and this build's do not go together.</summary>
public sealed class MigrationException(string message) : Exception(message);
