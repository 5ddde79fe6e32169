namespace Inventory.Server.Security.Transport;

/// <summary>
/// What browsers are told with every answer that is not gRPC's: to take its type for what it says, and, where it came
/// by TLS, to come by nothing else for a year.
/// </summary>
internal static class SecureHeaders
{
    private const string OneYear = "max-age=31536000";

    public static Task AddAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OneYear;
        }

        return next(http);
    }
}
