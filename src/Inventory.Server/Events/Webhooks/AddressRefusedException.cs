namespace Inventory.Server.Events.Webhooks;

/// <summary>A host that this server does not call.</summary>
public sealed class AddressRefusedException(string message) : IOException(message);
