using Google.Protobuf;
using Grpc.Core;

namespace Inventory.Server.Errors;

internal static class Refusals
{
    /// <summary>
    /// Ends a unary call with an error and without the cost of an exception: sold out is an answer, and there may be a
    /// storm of it.
    /// </summary>
    public static TResponse Refuse<TResponse>(this ServerCallContext context, ApiError error)
        where TResponse : class, IMessage, new()
    {
        error.Set(context);
        return Empty<TResponse>.Message;
    }

    private static class Empty<TResponse>
        where TResponse : class, IMessage, new()
    {
        /// <summary>Shared: it is serialized, and never handed to code that could fill it.</summary>
        public static readonly TResponse Message = new();
    }
}
