using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inventory.Client;

/// <summary>
/// One id for one logical call, whatever its number of attempts: the server has the effect once, and answers each
/// attempt with it. Found by the field's name, so that a new call needs nothing here.
/// </summary>
internal static class RequestIds
{
    private const string Field = "request_id";

    private static readonly ConcurrentDictionary<Type, FieldDescriptor?> Fields = new();

    /// <summary>Whether a message carries one.</summary>
    public static bool IsIn<TRequest>(TRequest request)
        where TRequest : class => Find(request) is not null;

    /// <summary>
    /// The request with an id; itself, if it has one or none belongs to it. The caller's message stays as it was: sent
    /// again, it is another call.
    /// </summary>
    public static TRequest Ensure<TRequest>(TRequest request)
        where TRequest : class
    {
        if (Find(request) is not { } field || ((string)field.Accessor.GetValue((IMessage)request)).Length > 0)
        {
            return request;
        }

        var named = ((IDeepCloneable<TRequest>)request).Clone();
        field.Accessor.SetValue((IMessage)named, Guid.CreateVersion7().ToString("n"));
        return named;
    }

    private static FieldDescriptor? Find<TRequest>(TRequest request)
        where TRequest : class =>
        request is IMessage message
            ? Fields.GetOrAdd(message.GetType(), _ => message.Descriptor.FindFieldByName(Field))
            : null;
}
