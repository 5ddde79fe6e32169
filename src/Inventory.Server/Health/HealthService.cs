using Grpc.Core;
using Grpc.Health.V1;
using Inventory.Server.Hosting;
using Inventory.Server.Reflection;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Inventory.Server.Health;

/// <summary>
/// grpc.health.v1: the server and all its services are ready together, because all stand on one database.
/// </summary>
internal sealed class HealthService(ServingState serving, ServedApi api, Drain drain) : Grpc.Health.V1.Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Knows(request.Service)
            ? Task.FromResult(Answer(StatusOf(serving.Now)))
            : throw new RpcException(new(StatusCode.NotFound, $"No service {request.Service} is served here."));

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var status = StatusOf(serving.Now);
        var response = new HealthListResponse { Statuses = { [""] = Answer(status) } };
        foreach (var service in api.ServiceNames)
        {
            response.Statuses.Add(service, Answer(status));
        }

        return Task.FromResult(response);
    }

    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context
    )
    {
        var known = Knows(request.Service);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Begun);
        try
        {
            while (true)
            {
                var now = serving.Now;
                await responseStream.WriteAsync(
                    Answer(known ? StatusOf(now) : ServingStatus.ServiceUnknown),
                    ending.Token
                );
                await (known ? now.Changed : Task.Delay(Timeout.Infinite, ending.Token)).WaitAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (drain.Begun.IsCancellationRequested)
        {
            // NOT_SERVING was said when the drain was announced; an open watch would hold the stop to its limit.
            context.Status = new(StatusCode.Unavailable, "The server stops.");
        }
    }

    private static HealthCheckResponse Answer(ServingStatus status) => new() { Status = status };

    private static ServingStatus StatusOf(ServingState.Moment moment) =>
        moment.Serving ? ServingStatus.Serving : ServingStatus.NotServing;

    private bool Knows(string service) => service.Length == 0 || api.ServiceNames.Contains(service);
}
