using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Engine.Access;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>Credentials that are ended before their time, by AccessService.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class RevocationTests : SecuredFixture
{
    private AccessService.AccessServiceClient Access => new(Server.Channel);

    private Metadata Admin => Bearing(Issuer.Token(scope: "admin"));

    [Test]
    public async Task A_token_is_believed_no_more_once_it_is_revoked_remembered_or_not_and_others_are()
    {
        var (id, otherId) = (Some.RequestId(), Some.RequestId());
        var (token, fresh) = (WithId(id), WithId(id, "stock.read reservations.read"));
        var other = WithId(otherId);
        var before = await ByGrpc($"Bearer {token}");
        await ByGrpc($"Bearer {other}");

        await Access.RevokeTokenAsync(new() { TokenId = id, ExpireTime = In(1) }, Admin);
        await Access.RevokeTokenAsync(new() { TokenId = id, ExpireTime = In(1) }, Admin);
        await Eventually.TrueAsync(async () => await ByGrpc($"Bearer {token}") is not null);

        Assert.That(before, Is.Null);
        await AssertNotBelieved(token);
        await AssertNotBelieved(fresh);
        Assert.That(await ByGrpc($"Bearer {other}"), Is.Null);
    }

    [Test]
    public async Task A_stream_of_a_token_that_is_revoked_ends()
    {
        var id = Some.RequestId();
        var sku = await Given.Stock(onHand: 1);
        using var watch = new AvailabilityService.AvailabilityServiceClient(Server.Channel).WatchAvailability(
            new() { Skus = { sku } },
            Bearing(WithId(id))
        );
        await watch.ResponseStream.MoveNext(default);

        await Access.RevokeTokenAsync(new() { TokenId = id, ExpireTime = In(1) }, Admin);

        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(enough.Token)) { }
        });
        Assert.That(enough.IsCancellationRequested, Is.False, "it has ended by itself");
    }

    [Test]
    public async Task A_key_is_listed_without_its_secret_and_ends_when_it_is_revoked()
    {
        var name = Some.RequestId();
        var made = await new CreateApiKey(Database.Cell).ExecuteAsync(
            new NewApiKey
            {
                Name = name,
                Scopes = ["stock.read"],
                Roles = [],
                Warehouses = null,
                Lifetime = null,
                CreatedBy = Some.Caller,
            },
            default
        );
        var before = await ByGrpc($"Bearer {made.Secret}");

        var listed = (await Access.ListApiKeysAsync(new(), Admin)).Keys.Single(k => k.Name == name);
        var revoked = await Access.RevokeApiKeyAsync(new() { ApiKeyId = made.ApiKeyId }, Admin);
        var again = await Access.RevokeApiKeyAsync(new() { ApiKeyId = made.ApiKeyId }, Admin);
        var ended = (await Access.ListApiKeysAsync(new(), Admin)).Keys.Single(k => k.Name == name);
        await Eventually.TrueAsync(async () => await ByGrpc($"Bearer {made.Secret}") is not null);

        Assert.That(before, Is.Null);
        Assert.That(
            (listed.Scopes.Single(), listed.Limited, listed.RevokeTime),
            Is.EqualTo(("stock.read", false, (Timestamp?)null))
        );
        Assert.That((revoked.Name, again.Name), Is.EqualTo((name, name)));
        Assert.That((ended.RevokeTime is null, ended.Revoker), Is.EqualTo((false, "sub:alice")));
    }

    [Test]
    public async Task What_is_not_there_or_wrong_is_told_and_only_an_admin_is_heard()
    {
        var unknown = await Refusal(Access.RevokeApiKeyAsync(new() { ApiKeyId = int.MaxValue }, Admin));
        var none = await Refusal(Access.RevokeApiKeyAsync(new(), Admin));
        var nothing = await Refusal(Access.RevokeTokenAsync(new(), Admin));
        var late = await Refusal(Access.RevokeTokenAsync(new() { TokenId = "a\0", ExpireTime = In(24 * 40) }, Admin));
        var forbidden = await Refusal(Access.ListApiKeysAsync(new(), Bearing(Issuer.Token(scope: "stock.read"))));

        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "API_KEY_UNKNOWN")));
        Assert.That(none.Fields, Is.EqualTo([("api_key_id", "OUT_OF_RANGE")]));
        Assert.That(nothing.Fields, Is.EqualTo([("token_id", "REQUIRED"), ("expire_time", "REQUIRED")]));
        Assert.That(late.Fields, Is.EqualTo([("token_id", "CHARACTERS"), ("expire_time", "OUT_OF_RANGE")]));
        Assert.That(forbidden.Reason, Is.EqualTo("SCOPE_MISSING"));
    }

    private string WithId(string id, string scope = "stock.read") =>
        Issuer.Token(scope, c => c["jti"] = JsonValue.Create(id));

    private static Timestamp In(double hours) =>
        Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddHours(hours));

    private static async Task<Hosting.Refusal> Refusal<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException e)
        {
            return new(e);
        }

        throw new AssertionException("It was not refused.");
    }
}
