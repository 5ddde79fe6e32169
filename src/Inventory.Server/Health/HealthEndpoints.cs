using Inventory.Server.Hosting;
using Inventory.Server.Rest;
using Inventory.Server.Security;

namespace Inventory.Server.Health;

/// <summary>GET and HEAD /health for balancers and people, /alive for what restarts a hung process.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRead("/alive", () => Results.Text("alive\n")).WithMetadata(Access.Open);
        endpoints.MapRead("/health", AnswerAsync).WithMetadata(Access.Open);
    }

    private static async Task<IResult> AnswerAsync(Readiness readiness, ServingState serving)
    {
        var findings = await readiness.CheckAsync();
        var ready = findings.All(f => f.Problem is null) && !serving.Draining;
        var report = new HealthReport(
            serving.Draining ? "draining"
                : ready ? "ready"
                : "not_ready",
            ServerVersion.Text,
            [
                .. findings.Select(f => new HealthReport.Check(
                    f.Name,
                    f.Problem is null ? "ok" : "failed",
                    f.Problem,
                    Math.Round(f.Elapsed.TotalMilliseconds, 3)
                )),
            ]
        );
        return Results.Json(
            report,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }
}
