using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Inventory.Server.Reflection;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Security;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Wire;
using Inventory.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>Nothing is reached without a policy, and each policy holds on both ways in.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AccessTests : SecuredFixture
{
    /// <summary>What strangers may see: probes, and pages that hold what the protos say.</summary>
    private static readonly string[] OpenPaths =
    [
        "/alive",
        "/health",
        "/openapi/v1.json",
        "/docs",
        "/docs/docs.js",
        "/docs/docs.css",
        "/session",
        "/sign-in",
        "/sign-in/sign-in.js",
        "/sign-in/sign-in.css",
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/List",
        "/grpc.health.v1.Health/Watch",
    ];

    private IEnumerable<MethodDescriptor> Methods =>
        Server
            .Part<ServedApi>()
            .Services.Where(s => s.FullName.StartsWith("inventory.", StringComparison.Ordinal))
            .SelectMany(s => s.Methods);

    private IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. Server.Part<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];

    [Test]
    public void Every_RPC_declares_a_scope_that_there_is_and_fields_that_it_has()
    {
        var broken = Methods.Where(m =>
            Access.Of(m) is not { Required: not Scopes.None, Rule: { } rule } || !IsFound(m.InputType, rule)
        );

        Assert.That(Methods.Count(), Is.GreaterThan(30));
        Assert.That(broken.Select(m => m.FullName), Is.Empty);
    }

    [Test]
    public void Every_endpoint_and_every_route_has_a_policy()
    {
        var closed = Endpoints.Where(e => Access.Of(e) is null).Select(e => e.DisplayName);
        var routes = Server.Part<RestRouter>().Routes.Where(r => Access.Of(r.Endpoint) is not { Rule: not null });

        Assert.That(Endpoints, Has.Count.GreaterThan(40));
        Assert.That(closed, Is.Empty);
        Assert.That(routes.Select(r => r.ToString()), Is.Empty);
    }

    [Test]
    public void Nothing_is_open_that_is_not_listed_here()
    {
        var open = Endpoints
            .Where(e => Access.Of(e)!.IsOpen && e.RoutePattern.Parameters.Count == 0)
            .Select(e => e.RoutePattern.RawText);
        var unknown = Endpoints.Where(e => Access.Of(e)!.IsOpen && e.RoutePattern.Parameters.Count > 0);

        Assert.That(open, Is.EquivalentTo(OpenPaths));
        Assert.That(unknown.Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is not null), Is.Empty);
        Assert.That(unknown.Select(e => e.DisplayName), Has.All.Contains("Unimplemented"));
    }

    [Test]
    public async Task What_declares_no_policy_is_closed_to_everyone()
    {
        await using var scope = Server.Part<IServiceProvider>().CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Headers.Authorization = $"Bearer {Issuer.Token("admin")}";
        http.SetEndpoint(new Endpoint(_ => Task.CompletedTask, EndpointMetadataCollection.Empty, "forgotten"));
        var reached = false;

        await Server.Part<Gate>().PassAsync(http, Reach);

        Assert.That((reached, http.Response.StatusCode), Is.EqualTo((false, 403)));

        Task Reach(HttpContext _)
        {
            reached = true;
            return Task.CompletedTask;
        }
    }

    [Test]
    public async Task No_RPC_is_reached_by_a_caller_with_every_scope_but_its_own()
    {
        foreach (var method in Methods)
        {
            var scope = Access.Of(method)!.Rule!.Scope;
            var others = ScopeNames.AllScopes.Where(s => s != scope && s != "admin");

            var refusal = await Call(method, Issuer.Token(string.Join(' ', others)));

            Assert.That(
                (refusal?.Code, refusal?.Reason, refusal?.Info.Metadata["scope"]),
                Is.EqualTo((StatusCode.PermissionDenied, "SCOPE_MISSING", scope)),
                method.FullName
            );
        }
    }

    [Test]
    public async Task Every_RPC_is_reached_by_a_caller_with_its_scope()
    {
        foreach (var method in Methods)
        {
            var refusal = await Call(method, Issuer.Token(Access.Of(method)!.Rule!.Scope));

            Assert.That(
                refusal?.Code,
                Is.Not.EqualTo(StatusCode.PermissionDenied).And.Not.EqualTo(StatusCode.Unauthenticated),
                method.FullName
            );
        }
    }

    [Test]
    public async Task No_route_is_reached_without_its_scope()
    {
        foreach (var route in Server.Part<RestRouter>().Routes)
        {
            var path = route
                .Template.OpenApiPath([.. route.Template.Variables.Select(_ => "x")])
                .Replace("{x}", "x", StringComparison.Ordinal);
            var scope = Access.Of(route.Endpoint)!.Rule!.Scope;
            var others = string.Join(' ', ScopeNames.AllScopes.Where(s => s != scope && s != "admin"));

            var stranger = await Send(route.HttpMethod, path);
            var other = await Send(route.HttpMethod, path, null, ("authorization", $"Bearer {Issuer.Token(others)}"));

            Assert.That((stranger.Status, stranger.Reason), Is.EqualTo((401, "CREDENTIALS_MISSING")), route.ToString());
            Assert.That((other.Status, other.Reason), Is.EqualTo((403, "SCOPE_MISSING")), route.ToString());
            Assert.That(
                other.Headers["WWW-Authenticate"],
                Is.EqualTo($"Bearer realm=\"inventory\", error=\"insufficient_scope\", scope=\"{scope}\"")
            );
        }
    }

    [TestCase("GET", "/session")]
    [TestCase("DELETE", "/session")]
    [TestCase("POST", "/session/password")]
    public async Task A_session_is_asked_of_by_who_is_in_one_and_by_nobody_else(string method, string path)
    {
        var stranger = await Send(method, path);
        var admin = await Send(method, path, null, ("authorization", $"Bearer {Issuer.Token("admin")}"));

        Assert.That((stranger.Status, stranger.Reason), Is.EqualTo((401, "CREDENTIALS_MISSING")));
        Assert.That((admin.Status, admin.Reason), Is.EqualTo((403, "SESSION_REQUIRED")));
    }

    [TestCase("/metrics", "reports.read")]
    [TestCase("/v1/inventory/export", "stock.read")]
    [TestCase("/v1/reports/export", "reports.read")]
    [TestCase("/v1/inventory/import", "stock.write")]
    public async Task Pages_and_files_ask_too(string path, string scope)
    {
        var method = path.EndsWith("import", StringComparison.Ordinal) ? "POST" : "GET";
        var others = string.Join(' ', ScopeNames.AllScopes.Where(s => s != scope && s != "admin"));

        var stranger = await Send(method, path);
        var other = await Send(method, path, null, ("authorization", $"Bearer {Issuer.Token(others)}"));
        var allowed = await Send(method, path, null, ("authorization", $"Bearer {Issuer.Token(scope)}"));

        Assert.That((stranger.Status, other.Status), Is.EqualTo((401, 403)));
        Assert.That(allowed.Status, Is.Not.EqualTo(401).And.Not.EqualTo(403));
    }

    [Test]
    public async Task Probes_are_for_everyone_and_reflection_for_every_caller()
    {
        var alive = await Get("/alive");
        var health = await Get("/health");
        var served = await new Grpc.Health.V1.Health.HealthClient(Server.Channel).CheckAsync(new());
        var stranger = await Reflect(null);
        var caller = await Reflect(Bearing(Issuer.Token("")));

        Assert.That((alive.Status, health.Status), Is.EqualTo((200, 200)));
        Assert.That(served.Status, Is.EqualTo(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving));
        Assert.That((stranger, caller), Is.EqualTo((StatusCode.Unauthenticated, StatusCode.OK)));
    }

    [Test]
    public async Task What_is_not_there_is_not_there_for_everyone()
    {
        var rest = await Get("/v1/nothing");
        var page = await Get("/nothing");
        var call = (await Assert.ThrowsAsync<RpcException>(() => Server.Channel.SendAsync("Nothing", [])))!;

        Assert.That((rest.Status, page.Status), Is.EqualTo((404, 404)));
        Assert.That(call.StatusCode, Is.EqualTo(StatusCode.Unimplemented));
    }

    [Test]
    public void A_role_is_the_scopes_that_the_README_says()
    {
        var roles = ScopeNames.AllRoles.Order().Select(r => $"{r}: {ScopeNames.OfRole(r)}");

        Assert.That(
            roles,
            Is.EqualTo(
                new[]
                {
                    "admin: All",
                    "order_service: ReservationsWrite, ReservationsRead, StockRead",
                    "viewer: ReservationsRead, StockRead, ReportsRead",
                    "warehouse_clerk: ReservationsRead, StockWrite, StockRead",
                    "warehouse_manager: ReservationsRead, StockWrite, StockRead, ReportsRead",
                }
            )
        );
    }

    private async Task<StatusCode> Reflect(Metadata? headers)
    {
        using var call = new Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(
            Server.Channel
        ).ServerReflectionInfo(headers);
        try
        {
            await call.RequestStream.WriteAsync(new() { ListServices = "" });
            await call.ResponseStream.MoveNext(CancellationToken.None);
            return StatusCode.OK;
        }
        catch (RpcException refused)
        {
            return refused.StatusCode;
        }
    }

    /// <summary>With an empty message, whatever kind of RPC it is: who may is judged before what is asked.</summary>
    private async Task<Refusal?> Call(MethodDescriptor method, string token)
    {
        try
        {
            await Server.Channel.SendAsync(method.Name, [], method.Service.FullName, Bearing(token));
            return null;
        }
        catch (RpcException refused) when (refused.Trailers.Get("grpc-status-details-bin") is not null)
        {
            return new(refused);
        }
        catch (RpcException other)
        {
            // A stream that says nothing, to a client that expects one message.
            Assert.That(other.StatusCode, Is.AnyOf(StatusCode.Internal, StatusCode.InvalidArgument), method.FullName);
            return null;
        }
    }

    private static bool IsFound(MessageDescriptor request, AccessRule rule)
    {
        var owner = rule.Each.Length == 0 ? request : request.FindFieldByName(rule.Each)?.MessageType;
        return owner is not null && rule.Warehouses.All(path => owner.FindFieldByName(path.Split('.')[0]) is not null);
    }
}
