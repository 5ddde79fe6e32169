using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>Throws from one place, so that the members that check stay small enough to be inlined.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void Argument(string message, string parameter) => throw new ArgumentException(message, parameter);

    [DoesNotReturn]
    public static void InvalidOperation(string message) => throw new InvalidOperationException(message);

    /// <summary>A member that an implementation was to override, and did not.</summary>
    [DoesNotReturn]
    public static T NotImplemented<T>(string member) =>
        throw new NotImplementedException($"This implementation of gRPC does not provide {member}.");
}
