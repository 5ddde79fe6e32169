using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Errors;

namespace Inventory.Server.Rest;

/// <summary>What only HTTP can get wrong, each with its HTTP status.</summary>
internal static class RestErrors
{
    public static ApiError Malformed(string what) => new(StatusCode.InvalidArgument, Reasons.MessageMalformed, what);

    public static ApiError RouteUnknown(string method, string path) =>
        new(
            StatusCode.NotFound,
            Reasons.RouteUnknown,
            "This path is not served; /openapi/v1.json lists those that are.",
            details: new ResourceInfo
            {
                ResourceType = "route",
                ResourceName = $"{method} {path}",
                Description = "is not served",
            }
        );

    public static ApiError MethodNotAllowed(string method, IEnumerable<string> allowed) =>
        new(
            StatusCode.Unimplemented,
            Reasons.MethodNotAllowed,
            $"This path does not take {method}.",
            [new("allow", string.Join(", ", allowed))]
        );

    public static ApiError MediaType(string what) => new(StatusCode.InvalidArgument, Reasons.MediaType, what);

    public static ApiError BodyTooLarge(int bytesMax) =>
        new(
            StatusCode.ResourceExhausted,
            Reasons.BodyTooLarge,
            $"The body has more than {bytesMax} bytes.",
            [new("bytes_max", $"{bytesMax}")]
        );
}
