using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>Tests of one server that asks who calls, by tokens of <see cref="Issuer"/> and API keys.</summary>
public abstract class SecuredFixture : RestFixture
{
    private readonly Issuer issuer = Issuer.Publish();

    private protected Issuer Issuer => issuer;

    [OneTimeTearDown]
    public void ForgetIssuer() => issuer.Dispose();

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(
            fresh.ConnectionString,
            // The tests are many strangers from one address.
            [.. issuer.Settings, (Setting.ApiKeys, "on"), (Setting.Users, "on"), (Setting.StrangerRate, "1000000")]
        );

    protected static Metadata Bearing(string credential) => new() { { "authorization", $"Bearer {credential}" } };

    /// <summary>Over gRPC with this Authorization header: what the caller is told.</summary>
    protected async Task<Refusal?> ByGrpc(params string[] authorization)
    {
        var headers = new Metadata();
        foreach (var value in authorization)
        {
            headers.Add("authorization", value);
        }

        try
        {
            await Stock.ListInventoryAsync(new(), headers);
            return null;
        }
        catch (RpcException refused)
        {
            return new(refused);
        }
    }

    /// <summary>The same RPC over REST.</summary>
    protected Task<RestAnswer> ByRest(params string[] authorization) =>
        Get("/v1/inventory", [.. authorization.Select(value => ("authorization", value))]);

    /// <summary>Who cannot be believed is refused on both ways in, and told the same.</summary>
    protected async Task AssertNotBelieved(string credential, string reason = "CREDENTIALS_INVALID")
    {
        var grpc = await ByGrpc($"Bearer {credential}");
        var rest = await ByRest($"Bearer {credential}");

        Assert.That((grpc?.Code, grpc?.Reason), Is.EqualTo((StatusCode.Unauthenticated, reason)), grpc?.Message);
        Assert.That((rest.Status, rest.Reason), Is.EqualTo(((int)HttpStatusCode.Unauthorized, reason)), rest.Text);
        Assert.That(
            AuthenticationHeaderValue.Parse(rest.Headers["WWW-Authenticate"]).Parameter,
            Does.Contain("error=\"invalid_token\"")
        );
    }

    protected async Task AssertBelieved(string credential)
    {
        var grpc = await ByGrpc($"Bearer {credential}");
        var rest = await ByRest($"Bearer {credential}");

        Assert.That(grpc?.Message, Is.Null);
        Assert.That(rest.Status, Is.EqualTo((int)HttpStatusCode.OK), rest.Text);
    }
}
