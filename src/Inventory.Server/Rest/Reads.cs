namespace Inventory.Server.Rest;

/// <summary>
/// What is only read is mapped here: HEAD is GET without the body, which the host leaves out (RFC 9110, 9.3.2).
/// </summary>
internal static class Reads
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointConventionBuilder MapRead(
        this IEndpointRouteBuilder endpoints,
        string path,
        Delegate answer
    ) => endpoints.MapMethods(path, Methods, answer);

    /// <summary>
    /// An answer that is at hand. It is written whatever was asked, so that HEAD passes by what compresses as GET does,
    /// and tells the same of it.
    /// </summary>
    public static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
