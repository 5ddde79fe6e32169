using System.Net;
using Dapper;
using Inventory.Engine.Database;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Database;

[TestFixture, Parallelizable(ParallelScope.Self)]
public sealed class OriginsTests : EngineFixture
{
    private const string Scope = "stock.write";

    private readonly string caller = Some.OrderId();

    [Test]
    public async Task An_origin_has_one_number_for_all_servers_and_is_remembered()
    {
        var (one, other) = (new Origins(Database.Cell), new Origins(Database.Cell));
        var address = IPAddress.Parse("203.0.113.7");
        var before = one.TryGet(caller, Scope, address, out _);

        var first = await one.FindAsync(caller, Scope, address, default);
        var again = await one.FindAsync(caller, Scope, address, default);
        var elsewhere = await other.FindAsync(caller, Scope, address, default);

        Assert.That((before, one.TryGet(caller, Scope, address, out var known)), Is.EqualTo((false, true)));
        Assert.That(new[] { again, elsewhere, known }, Is.All.EqualTo(first));
    }

    [Test]
    public async Task Caller_scope_and_address_tell_origins_apart()
    {
        var origins = new Origins(Database.Cell);
        var (here, there) = (IPAddress.Parse("203.0.113.8"), IPAddress.Parse("2001:db8::8"));

        int[] found =
        [
            await origins.FindAsync(caller, Scope, here, default),
            await origins.FindAsync(caller, Scope, there, default),
            await origins.FindAsync(caller, "admin", here, default),
            await origins.FindAsync(Some.OrderId(), Scope, here, default),
            await origins.FindAsync(caller, Scope, null, default),
        ];

        Assert.That(found, Is.Unique);
        Assert.That(await Address(found[1]), Is.EqualTo("2001:db8::8"));
        Assert.That(await Address(found[4]), Is.EqualTo("unknown"));
    }

    [Test]
    public async Task An_IPv4_address_is_the_same_over_a_socket_that_speaks_IPv6()
    {
        var origins = new Origins(Database.Cell);

        var plain = await origins.FindAsync(caller, Scope, IPAddress.Parse("203.0.113.9"), default);
        var mapped = await origins.FindAsync(caller, Scope, IPAddress.Parse("::ffff:203.0.113.9"), default);

        Assert.That(mapped, Is.EqualTo(plain));
        Assert.That(await Address(plain), Is.EqualTo("203.0.113.9"));
    }

    [Test]
    public async Task Who_asks_for_the_same_at_the_same_time_shares_one_look_and_servers_agree()
    {
        var nodes = Enumerable.Range(0, 4).Select(_ => new Origins(Database.Cell)).ToArray();
        var address = IPAddress.Parse("203.0.113.10");
        var (name, asks) = (Some.OrderId(), Enumerable.Range(0, 64));

        var found = await Task.WhenAll(asks.Select(i => nodes[i % 4].FindAsync(name, Scope, address, default)));

        await using var connection = await Database.Tables.OpenConnectionAsync();
        var rows = await connection.QueryAsync<int>("SELECT origin_id FROM origin WHERE caller = @name", new { name });
        Assert.That(found.Distinct(), Is.EqualTo(rows));
    }

    [Test]
    public async Task Addresses_that_change_with_every_call_are_remembered_within_a_bound()
    {
        const int KnownMax = 20;
        var origins = new Origins(Database.Cell, KnownMax);
        var addresses = Enumerable.Range(1, 100).Select(i => IPAddress.Parse($"2001:db8:1::{i:x}")).ToArray();

        foreach (var address in addresses)
        {
            await origins.FindAsync(caller, Scope, address, default);
        }

        Assert.That(origins.TryGet(caller, Scope, addresses[^1], out _), Is.True);
        Assert.That(addresses.Count(a => origins.TryGet(caller, Scope, a, out _)), Is.LessThanOrEqualTo(KnownMax + 1));
    }

    [Test]
    public async Task Who_leaves_takes_nothing_from_who_waits_for_the_same()
    {
        var origins = new Origins(Database.Cell);
        var address = IPAddress.Parse("203.0.113.11");
        using var left = new CancellationTokenSource();
        var leaving = origins.FindAsync(caller, Scope, address, left.Token);
        var staying = origins.FindAsync(caller, Scope, address, default);

        await left.CancelAsync();

        Assert.That(await staying, Is.Positive);
        Assert.That(leaving.IsCanceled || await leaving == await staying, Is.True);
    }

    private async Task<string> Address(int origin)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<string>(
            "SELECT address FROM origin WHERE origin_id = @origin",
            new { origin }
        );
    }
}
