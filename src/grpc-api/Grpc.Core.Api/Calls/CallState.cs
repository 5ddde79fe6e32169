namespace Grpc.Core;

/// <summary>What all kinds of call have in common: functions of the implementation and their state.</summary>
internal readonly struct CallState(
    Func<object, Task<Metadata>> responseHeaders,
    Func<object, Status> status,
    Func<object, Metadata> trailers,
    Action<object> dispose,
    object state
)
{
    public Task<Metadata> ResponseHeadersAsync() => responseHeaders(state);

    public Status GetStatus() => status(state);

    public Metadata GetTrailers() => trailers(state);

    public void Dispose() => dispose(state);

    /// <summary>Functions without a shared state, as interceptors give them.</summary>
    public static CallState Of(
        Task<Metadata> responseHeaders,
        Func<Status> status,
        Func<Metadata> trailers,
        Action dispose
    ) =>
        new(
            static state => ((Functions)state).ResponseHeaders,
            static state => ((Functions)state).Status(),
            static state => ((Functions)state).Trailers(),
            static state => ((Functions)state).Dispose(),
            new Functions(responseHeaders, status, trailers, dispose)
        );

    private sealed record Functions(
        Task<Metadata> ResponseHeaders,
        Func<Status> Status,
        Func<Metadata> Trailers,
        Action Dispose
    );
}
