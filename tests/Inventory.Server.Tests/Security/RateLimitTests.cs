using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Security.Rates;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>A server on which each caller has ten calls a second, and each address five without a credential.</summary>
public sealed class RateLimitTests : SecuredFixture
{
    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(
            fresh.ConnectionString,
            [.. Issuer.Settings, (Setting.CallerRate, "10"), (Setting.StrangerRate, "5")]
        );

    [Test]
    public async Task Too_many_calls_of_one_caller_are_refused_with_a_time_to_wait_and_others_are_served()
    {
        var (greedy, modest) = (await Known("greedy"), await Known("modest"));

        var refusal = await UntilLimited(() => ByGrpc(greedy));
        var rest = await ByRest(greedy);
        var other = await ByGrpc(modest);

        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.ResourceExhausted, "RATE_LIMITED")));
        Assert.That(
            refusal.Detail<RetryInfo>().RetryDelay.ToTimeSpan(),
            Is.GreaterThan(TimeSpan.Zero).And.LessThan(TimeSpan.FromSeconds(1))
        );
        Assert.That((rest.Status, rest.Reason, rest.Headers["Retry-After"]), Is.EqualTo((429, "RATE_LIMITED", "1")));
        Assert.That(other, Is.Null);
    }

    [Test]
    public async Task Another_token_of_the_same_caller_has_the_same_bucket()
    {
        var (first, second) = (await Known("twofold"), await Known("twofold", "another"));

        await UntilLimited(() => ByGrpc(first));
        var refusal = await ByGrpc(second);

        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(refusal?.Reason, Is.EqualTo("RATE_LIMITED"));
    }

    [Test]
    public async Task Strangers_wear_out_their_own_bucket_and_not_that_of_who_is_known()
    {
        var known = await Known("known");

        var refusal = await UntilLimited(() => ByGrpc($"Bearer {Guid.NewGuid()}"));
        var stillKnown = await ByGrpc(known);
        var probe = await Get("/alive");

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That((stillKnown, probe.Status), Is.EqualTo(((Refusal?)null, 200)));
    }

    [Test]
    public void A_bucket_gives_what_two_seconds_bring_at_once_and_then_one_by_one()
    {
        var bucket = new TokenBucket(10);
        var second = TimeSpan.TicksPerSecond;

        var atOnce = Enumerable.Range(0, 100).Count(_ => bucket.TryTake(second, out var _));
        var early = bucket.TryTake(second, out var wait);
        var inTime = bucket.TryTake(second + wait.Ticks, out var none);

        Assert.That((atOnce, early, inTime), Is.EqualTo((20, false, true)));
        Assert.That((wait, none), Is.EqualTo((TimeSpan.FromMilliseconds(100), TimeSpan.Zero)));
    }

    /// <summary>Believed once, and from then on no stranger: the tests before may have worn out that bucket.</summary>
    private async Task<string> Known(string subject, string? mark = null)
    {
        var header = $"Bearer {Issuer.Token(change: c => (c["sub"], c["jti"]) = (subject, mark ?? ""))}";
        await Eventually.TrueAsync(async () => await ByGrpc(header) is null);
        return header;
    }

    /// <summary>Until the bucket is empty, which a slow machine may need many calls for.</summary>
    private static async Task<Refusal> UntilLimited(Func<Task<Refusal?>> call)
    {
        for (var i = 0; i < 2_000; i++)
        {
            if (await call() is { Reason: "RATE_LIMITED" } refusal)
            {
                return refusal;
            }
        }

        throw new InvalidOperationException("No limit was met.");
    }
}
