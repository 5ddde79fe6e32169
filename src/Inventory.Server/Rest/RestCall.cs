using System.Text;
using Google.Rpc;
using Grpc.Core;
using Inventory.Engine.Catalog;
using Inventory.Server.Errors;
using Inventory.Server.Hosting;
using Inventory.Server.Rest.Json;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Telemetry;
using Status = Google.Rpc.Status;

namespace Inventory.Server.Rest;

/// <summary>
/// A call over REST: the request is read and bound, the RPC's method is called behind the interceptors of gRPC, and
/// what came of it is written. Nothing here knows any one RPC.
/// </summary>
internal sealed class RestCall(ServerOptions options, GetInventoryItem items, ILogger<RestCall> logger)
{
    private const string JsonType = "application/json; charset=utf-8";

    public async Task AnswerAsync(HttpContext http)
    {
        var match = http.Features.Get<RestRouter.Match>()!;
        var route = match.Route!;
        RestRequest request;
        try
        {
            request = await RestRequest.ReadAsync(http, route, match.Values, options.Currency);
        }
        catch (RestRefusal refusal)
        {
            await WriteErrorAsync(http, refusal.Error.Details, refusal.HttpStatus);
            return;
        }
        catch (Exception left)
            when (http.RequestAborted.IsCancellationRequested && left is IOException or OperationCanceledException)
        {
            return;
        }

        using var context = new RestCallContext(
            http,
            route.Method.FullName,
            Limited(request.Timeout, route),
            request.Products.Any ? cancellation => request.Products.ResolveAsync(items, cancellation) : null
        );
        await (
            route.Descriptor.IsServerStreaming
                ? StreamAsync(http, route, request, context)
                : AnswerAsync(http, route, request, context)
        );
    }

    /// <summary>For requests that reach no RPC too.</summary>
    public static async Task WriteErrorAsync(HttpContext http, Status error, int httpStatus)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (error.Details.FirstOrDefault(d => d.Is(RetryInfo.Descriptor))?.Unpack<RetryInfo>().RetryDelay is { } delay)
        {
            http.Response.Headers.RetryAfter = $"{Math.Max(1, delay.Seconds + (delay.Nanos > 0 ? 1 : 0))}";
        }

        await WriteAsync(http, JsonText.Of(error), httpStatus);
    }

    /// <summary>As over gRPC: one answer has the server's limit, a stream only what its caller asked for.</summary>
    private TimeSpan? Limited(TimeSpan? timeout, RestRoute route) =>
        route.Descriptor.IsServerStreaming || timeout < options.CallLimit ? timeout : options.CallLimit;

    private async Task AnswerAsync(HttpContext http, RestRoute route, RestRequest request, RestCallContext context)
    {
        try
        {
            var response = (await route.Method.InvokeAsync(request.Message, context, responses: null))!;
            if (context.Error is { } error)
            {
                await WriteErrorAsync(http, error, HttpStatusOf(error, request));
                return;
            }

            http.Response.Headers.ETag = RestHeaders.ETag(response);
            await WriteAsync(http, JsonText.Of(response), StatusCodes.Status200OK);
        }
        catch (Exception e)
        {
            // The guard has made a status of whatever the service threw: here it becomes an answer.
            var error = ErrorOf(e, http, route);
            await WriteErrorAsync(http, error, HttpStatusOf(error, request));
        }
    }

    private async Task StreamAsync(HttpContext http, RestRoute route, RestRequest request, RestCallContext context)
    {
        await using var stream = new RestStream(http);
        stream.Open();
        Status? error;
        try
        {
            await route.Method.InvokeAsync(request.Message, context, stream);
            error = context.Error;
        }
        catch (Exception e)
        {
            // As for a single answer; a stream may have begun, and then it ends with the error.
            error = ErrorOf(e, http, route);
        }

        await stream.CloseAsync();
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await (
            error is null ? stream.BeginAsync()
            : stream.HasBegun ? stream.WriteErrorAsync(error)
            : WriteErrorAsync(http, error, HttpStatusOf(error, request))
        );
    }

    private Status ErrorOf(Exception exception, HttpContext http, RestRoute route)
    {
        if (exception is RpcException answer)
        {
            return RestCallContext.Of(answer.Status, answer.Trailers);
        }

        // The guard leaves nothing else; what it would miss is ours, and is told like any fault.
        var correlation = Correlation.Of(http);
        logger.CallFailed(exception, route.Method.FullName, correlation);
        return Faults.Internal(correlation).Details;
    }

    /// <summary>What If-Match asked for does not hold any more: HTTP has a status of its own for it.</summary>
    private static int HttpStatusOf(Status error, RestRequest request) =>
        request.HasCondition && error.Code == (int)StatusCode.Aborted && IsVersionConflict(error)
            ? StatusCodes.Status412PreconditionFailed
            : HttpStatus.Of((StatusCode)error.Code);

    private static bool IsVersionConflict(Status error) =>
        error.Details.Any(d => d.Is(ErrorInfo.Descriptor) && d.Unpack<ErrorInfo>().Reason == Reasons.VersionConflict);

    private static async Task WriteAsync(HttpContext http, string json, int httpStatus)
    {
        http.Response.StatusCode = httpStatus;
        http.Response.ContentType = JsonType;
        http.Response.Headers.CacheControl = "no-store";
        var bytes = Encoding.UTF8.GetBytes(json);
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
