namespace Grpc.Core;

/// <summary>What a channel is doing about its connection.</summary>
public enum ConnectivityState
{
    /// <summary>Nothing, until a call wants it.</summary>
    Idle,

    /// <summary>Connecting.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Ready,

    /// <summary>Failed; it will try again.</summary>
    TransientFailure,

    /// <summary>Shut down, for good.</summary>
    Shutdown,
}
