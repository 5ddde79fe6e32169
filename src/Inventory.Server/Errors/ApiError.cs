using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Inventory.Server.Errors;

/// <summary>
/// An answer that is not OK: a gRPC status with google.rpc details. It is a value: a service sets it on the call, a
/// stream sends it as a message, and only where a value cannot travel is it thrown.
/// </summary>
public sealed class ApiError
{
    public const string Domain = "inventory";
    public const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>The first detail is always ErrorInfo.</summary>
    /// <param name="code">Never OK.</param>
    /// <param name="reason">One of <see cref="Reasons"/>.</param>
    /// <param name="message">For people; programs read the reason.</param>
    /// <param name="metadata">What a program may need, such as the current version.</param>
    /// <param name="details">Messages of google/rpc/error_details.proto.</param>
    public ApiError(
        StatusCode code,
        string reason,
        string message,
        IReadOnlyCollection<KeyValuePair<string, string>>? metadata = null,
        params ReadOnlySpan<IMessage> details
    )
    {
        var info = new ErrorInfo { Reason = reason, Domain = Domain };
        foreach (var (key, value) in metadata ?? [])
        {
            info.Metadata.Add(key, value);
        }

        Details = new Status
        {
            Code = (int)code,
            Message = message,
            Details = { Any.Pack(info) },
        };
        foreach (var detail in details)
        {
            Details.Details.Add(Any.Pack(detail));
        }
    }

    /// <summary>As grpc-status-details-bin carries it, and as a stream sends it.</summary>
    public Status Details { get; }

    public StatusCode Code => (StatusCode)Details.Code;

    /// <summary>For code that has a call but no answer to return, such as an interceptor.</summary>
    public RpcException ToException() => new(new(Code, Details.Message), Trailers());

    /// <summary>
    /// Makes it the outcome of the call; the answer that the service must still return is empty, and no client reads
    /// it.
    /// </summary>
    public void Set(ServerCallContext context)
    {
        context.Status = new(Code, Details.Message);
        context.ResponseTrailers.Add(DetailsTrailer, Details.ToByteArray());
    }

    private Metadata Trailers() => new() { { DetailsTrailer, Details.ToByteArray() } };
}
