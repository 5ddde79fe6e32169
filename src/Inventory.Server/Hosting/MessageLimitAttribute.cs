namespace Inventory.Server.Hosting;

/// <summary>
/// A method that takes larger messages than the others of its service. gRPC knows one limit for a whole service.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MessageLimitAttribute(int bytesMax) : Attribute
{
    public int BytesMax => bytesMax;
}
