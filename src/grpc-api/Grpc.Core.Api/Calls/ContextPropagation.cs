namespace Grpc.Core;

/// <summary>Stands for a server call, so that a call made for it shares its deadline and cancellation.</summary>
public abstract class ContextPropagationToken
{
    // Only an implementation of gRPC makes one.
    internal ContextPropagationToken() { }
}

/// <summary>What a call takes over from the server call that it is made for.</summary>
public sealed class ContextPropagationOptions
{
    /// <summary>Both.</summary>
    public static readonly ContextPropagationOptions Default = new();

    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    public bool IsPropagateDeadline { get; }

    public bool IsPropagateCancellation { get; }
}
