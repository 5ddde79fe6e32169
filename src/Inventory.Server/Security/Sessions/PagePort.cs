namespace Inventory.Server.Security.Sessions;

/// <summary>
/// Marks the connections of the HTTP port. Only there is a cookie looked at: programs that speak gRPC have none, and a
/// browser that was led to the other port shall find nothing that takes its own.
/// </summary>
internal sealed class PagePort
{
    public static readonly PagePort Mark = new();

    private PagePort() { }
}
