using Inventory.Server.Hosting;
using Inventory.Server.Security;

namespace Inventory.Server.Health;

/// <summary>GET /health for balancers and people, GET /alive for what restarts a hung process.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/alive", () => Results.Text("alive\n")).WithMetadata(Access.Open);
        endpoints.MapGet("/health", AnswerAsync).WithMetadata(Access.Open);
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
