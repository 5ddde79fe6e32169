namespace Inventory.Server.Services;

internal static class RequestIds
{
    /// <summary>The caller's request id; one of our own making where there is none, which the answer tells.</summary>
    public static string OrMade(string requestId) => requestId.Length > 0 ? requestId : Guid.NewGuid().ToString("n");
}
