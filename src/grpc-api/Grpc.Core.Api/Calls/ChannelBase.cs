namespace Grpc.Core;

/// <summary>A connection, or several, to one target.</summary>
public abstract class ChannelBase
{
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    public string Target { get; }

    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the calls that are open and lets go of the connections.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Overridden where there is something to let go of.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
