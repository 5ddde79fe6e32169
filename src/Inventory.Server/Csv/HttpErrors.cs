using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Errors;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Csv;

/// <summary>The same errors as gRPC's, over HTTP: google.rpc.Status as JSON.</summary>
internal static class HttpErrors
{
    private static readonly JsonFormatter Json = new(
        JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor))
    );

    /// <summary>Answers a request; what goes wrong becomes a status.</summary>
    public static async Task GuardAsync(HttpContext context, ILogger logger, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: nobody is there to hear of it.
        }
        catch (Exception failed) when (context.Response.HasStarted)
        {
            // Half a file must not pass for a whole one: the connection ends without its last chunk.
            logger.CallFailed(failed, context.Request.Path, Correlation.Of(context));
            context.Abort();
        }
        catch (BadHttpRequestException bad)
        {
            await WriteAsync(context, TooLarge(bad), bad.StatusCode);
        }
        catch (Exception away) when (Faults.IsDatabaseAway(away))
        {
            logger.DatabaseAway(context.Request.Path, away.Message);
            await WriteAsync(context, Faults.DatabaseUnavailable);
        }
        catch (Exception failed)
        {
            // Whatever it is, the caller must hear of it, and the log must say more than the caller may know.
            var correlation = Correlation.Of(context);
            logger.CallFailed(failed, context.Request.Path, correlation);
            await WriteAsync(context, Faults.Internal(correlation));
        }
    }

    public static Task WriteAsync(HttpContext context, ApiError error, int? status = null)
    {
        var response = context.Response;
        response.StatusCode = status ?? Status(error.Code);
        response.ContentType = "application/json";
        if (RetryAfter(error) is { } after)
        {
            response.Headers.RetryAfter = after.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(Json.Format(error.Details), context.RequestAborted);
    }

    private static ApiError TooLarge(BadHttpRequestException bad) =>
        new(StatusCode.InvalidArgument, Reasons.BodyUnreadable, bad.Message);

    /// <summary>Whole seconds, at least one.</summary>
    private static long? RetryAfter(ApiError error) =>
        error.Details.Details.FirstOrDefault(d => d.Is(RetryInfo.Descriptor)) is { } detail
            ? Math.Max(1, detail.Unpack<RetryInfo>().RetryDelay.Seconds)
            : null;

    private static int Status(StatusCode code) =>
        code switch
        {
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange =>
                StatusCodes.Status400BadRequest,
            StatusCode.NotFound => StatusCodes.Status404NotFound,
            StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
            StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
            StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
}
