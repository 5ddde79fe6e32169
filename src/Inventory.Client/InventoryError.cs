using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Inventory.Client;

/// <summary>What the server says about a call that was not OK, beyond its status.</summary>
/// <param name="Code">The status.</param>
/// <param name="Reason">For programs, such as <c>INSUFFICIENT_STOCK</c>; none is ever renamed.</param>
/// <param name="Message">For people.</param>
/// <param name="Metadata">What belongs to the reason, such as <c>current_version</c>.</param>
/// <param name="RetryDelay">How long to wait before asking again, if the server says so.</param>
/// <param name="Details">All of it: violations of fields, missing resources, failed preconditions.</param>
public sealed record InventoryError(
    StatusCode Code,
    string Reason,
    string Message,
    IReadOnlyDictionary<string, string> Metadata,
    TimeSpan? RetryDelay,
    Google.Rpc.Status Details
)
{
    private const string Domain = "inventory";
    private const string Trailer = "grpc-status-details-bin";

    /// <summary>
    /// Reads it. None if the error is not the server's own: the connection broke, a proxy answered, the deadline passed
    /// here.
    /// </summary>
    public static InventoryError? From(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.Trailers.GetValueBytes(Trailer) is not { } bytes || Parse(bytes) is not { } details)
        {
            return null;
        }

        var info = Find<ErrorInfo>(details);
        return info is not { Domain: Domain }
            ? null
            : new(
                exception.StatusCode,
                info.Reason,
                details.Message,
                info.Metadata.ToDictionary(),
                Find<RetryInfo>(details)?.RetryDelay?.ToTimeSpan(),
                details
            );
    }

    private static Google.Rpc.Status? Parse(byte[] bytes)
    {
        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            // Somebody on the way made it up.
            return null;
        }
    }

    private static T? Find<T>(Google.Rpc.Status details)
        where T : class, IMessage<T>, new() =>
        details.Details.FirstOrDefault(d => d.Is(new T().Descriptor))?.Unpack<T>();
}
