using System.Diagnostics;
using Google.Protobuf;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Inventory.Server.Errors;
using Inventory.Server.Rest;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Security;

/// <summary>Says no, in the caller's own language: a gRPC status, or JSON with the HTTP status of its code.</summary>
internal sealed class AccessRefusals(CallMetrics metrics, AccessAudit audit)
{
    private const string GrpcType = "application/grpc";
    private const string Realm = "Bearer realm=\"inventory\"";

    /// <param name="http">The request.</param>
    /// <param name="error">Why.</param>
    /// <param name="caller">Null: whoever it is was not believed.</param>
    public Task WriteAsync(HttpContext http, ApiError error, Caller? caller = null)
    {
        var method = MethodName(http);
        if (method is not null)
        {
            metrics.Ended(method, error.Code, Stopwatch.GetTimestamp());
        }

        if (error.Code is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            audit.Note(http, caller, method ?? http.Request.Path, error);
        }

        return IsGrpc(http.Request) ? WriteGrpcAsync(http, error) : WriteHttpAsync(http, error);
    }

    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith(GrpcType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The headers are the trailers where there is nothing between.</summary>
    private static Task WriteGrpcAsync(HttpContext http, ApiError error)
    {
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = GrpcType;
        response.Headers["grpc-status"] = $"{(int)error.Code}";
        response.Headers["grpc-message"] = Uri.EscapeDataString(error.Details.Message);
        response.Headers[ApiError.DetailsTrailer] = Convert.ToBase64String(error.Details.ToByteArray());
        return Task.CompletedTask;
    }

    private static Task WriteHttpAsync(HttpContext http, ApiError error)
    {
        // RFC 6750, 3: what to try next. A caller who sent nothing is told no error.
        http.Response.Headers.WWWAuthenticate = error.Code switch
        {
            StatusCode.Unauthenticated when http.Request.Headers.Authorization.Count == 0 => Realm,
            StatusCode.Unauthenticated =>
                $"{Realm}, error=\"invalid_token\", error_description=\"{error.Details.Message}\"",
            StatusCode.PermissionDenied when MissingScope(error) is { } scope =>
                $"{Realm}, error=\"insufficient_scope\", scope=\"{scope}\"",
            _ => default,
        };
        return RestCall.WriteErrorAsync(http, error.Details, HttpStatus.Of(error.Code));
    }

    private static string? MissingScope(ApiError error) =>
        error.Details.Details[0].Unpack<ErrorInfo>().Metadata.GetValueOrDefault(AccessErrors.ScopeKey);

    private static string? MethodName(HttpContext http) =>
        http.Features.Get<RestRouter.Match>()?.Route?.Method.FullName
        ?? http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName;
}
