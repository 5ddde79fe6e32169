using Grpc.Core;
using Inventory.Server.Security;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

[Parallelizable(ParallelScope.Self)]
public sealed class LapsedStreamTests : SecuredFixture
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Test]
    public async Task A_stream_ends_when_its_callers_token_has_lapsed()
    {
        // Skew included, it lapses in a few seconds.
        var token = Issuer.Token("reservations.write", c => c["exp"] = Now - 25);
        using var stream = Reservations.ReserveInventoryStream(Bearing(token));
        await stream.RequestStream.WriteAsync(new() { Reserve = Order(await Given.Stock(onHand: 1)) });
        await stream.ResponseStream.MoveNext(CancellationToken.None);

        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
            await stream.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30))
        );

        Assert.That(ended!.StatusCode, Is.Not.EqualTo(StatusCode.OK));
    }

    [Test]
    public void What_is_remembered_costs_a_look_up_and_no_allocation()
    {
        var header = $"Bearer {Issuer.Token()}";
        var credentials = Server.Part<Credentials>();
        Assert.That(async () => (await credentials.JudgeAsync(header, CancellationToken.None)).Caller, Is.Not.Null);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = true;
        for (var i = 0; i < 1_000; i++)
        {
            found &= credentials.Recall(header) is not null;
        }

        Assert.That((found, GC.GetAllocatedBytesForCurrentThread() - before), Is.EqualTo((true, 0L)));
    }

    [Test]
    public async Task What_is_remembered_is_bounded()
    {
        var credentials = Server.Part<Credentials>();
        var (header, claims) = (Issuer.Header("ES256", Issuer.EcKeyId).ToJsonString(), Issuer.Claims());

        var believed = 0;
        for (var i = 0; i < Credentials.RememberedMax + 10; i++)
        {
            claims["sub"] = $"caller-{i}";
            var token = Issuer.SignByEc(header, claims.ToJsonString());
            believed += (await credentials.JudgeAsync($"Bearer {token}", CancellationToken.None)).Caller is null
                ? 0
                : 1;
        }

        Assert.That(believed, Is.EqualTo(Credentials.RememberedMax + 10));
        Assert.That(credentials.RememberedCount, Is.LessThanOrEqualTo(Credentials.RememberedMax));
    }
}
