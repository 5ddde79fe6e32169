using Dapper;
using Inventory.Server.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

[Parallelizable(ParallelScope.Self)]
public sealed class ApiKeyTests : SecuredFixture
{
    private static readonly TimeSpan RevokedWithin = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_key_is_believed_from_the_moment_at_which_it_is_made()
    {
        var (_, secret) = await Make("--name", "shop", "--scopes", "stock.read");

        await AssertBelieved(secret);
    }

    [Test]
    public async Task A_key_may_do_what_its_scopes_and_roles_say_and_no_more()
    {
        var (_, secret) = await Make("--name", "till", "--roles", "order_service");

        var read = await Get("/v1/inventory", ("authorization", $"Bearer {secret}"));
        var write = await Post("/v1/inventory:add", "{}", ("authorization", $"Bearer {secret}"));

        Assert.That((read.Status, write.Status, write.Reason), Is.EqualTo((200, 403, "SCOPE_MISSING")));
    }

    [Test]
    public async Task A_key_that_is_revoked_is_refused_within_30_seconds()
    {
        var (id, secret) = await Make("--name", "leaver", "--scopes", "admin");
        await AssertBelieved(secret);

        var (code, output, _) = await Run("keys", "revoke", "--id", id);
        await Eventually.TrueAsync(async () => await ByGrpc($"Bearer {secret}") is not null, RevokedWithin);

        Assert.That(
            (code, output),
            Is.EqualTo((0, $"Key {id} of leaver is revoked; every server has given it up within 30 seconds.\n"))
        );
        await AssertNotBelieved(secret);
    }

    [Test]
    public async Task A_key_that_has_expired_is_refused()
    {
        var (id, secret) = await Make("--name", "guest", "--scopes", "stock.read", "--days", "1");
        await AssertBelieved(secret);

        await Execute("UPDATE api_key SET expires_at = clock_timestamp() WHERE api_key_id = @Id::int", new { Id = id });
        await Eventually.TrueAsync(async () => await ByGrpc($"Bearer {secret}") is not null, RevokedWithin);

        await AssertNotBelieved(secret);
    }

    [TestCase("invk_")]
    [TestCase("invk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("invk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("invk_' OR '1'='1' -- AAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_key_that_nobody_made_is_refused(string secret) => await AssertNotBelieved(secret);

    [Test]
    public async Task Neither_the_table_nor_the_list_holds_a_secret()
    {
        var (id, secret) = await Make("--name", "quiet", "--roles", "viewer", "--warehouses", "BER,MUC", "--days", "7");

        var (_, list, _) = await Run("keys", "list");
        await using var connection = await Database.Tables.OpenConnectionAsync();
        var row = await connection.QuerySingleAsync<string>(
            "SELECT k::text FROM api_key k WHERE api_key_id = @Id::int",
            new { Id = id }
        );

        Assert.That(list, Does.Contain($"{id} quiet: viewer in BER,MUC; expires 20").And.Contain("never used"));
        Assert.That(list, Does.Not.Contain(secret[5..]));
        Assert.That(row, Does.Not.Contain(secret[5..]));
    }

    [Test]
    public async Task When_a_key_was_last_used_is_written_down()
    {
        var (id, secret) = await Make("--name", "busy", "--scopes", "stock.read");

        await AssertBelieved(secret);

        await Eventually.TrueAsync(async () => (await LastUsed(id)) is not null);
        Assert.That(await LastUsed(id), Is.Not.Null);
    }

    [Test]
    public async Task The_key_that_replaces_another_is_the_same_caller()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Order(sku, 2);
        var (_, first) = await Make("--name", "rotating", "--roles", "order_service");
        var (_, second) = await Make("--name", "rotating", "--roles", "order_service");

        var held = await Reservations.ReserveInventoryAsync(order, Bearing(first));
        var again = await Reservations.ReserveInventoryAsync(order, Bearing(second));

        Assert.That(held.Reservation.Caller, Is.EqualTo("key:rotating"));
        Assert.That(
            (again.Replayed, again.Reservation.ReservationId),
            Is.EqualTo((true, held.Reservation.ReservationId))
        );
    }

    [Test]
    public async Task What_is_wrong_with_a_new_key_is_named()
    {
        var (code, _, errors) = await Run(
            "keys",
            "create",
            "--name",
            "a b",
            "--scopes",
            "stock.read,everything",
            "--days",
            "0"
        );
        var (unsaid, _, unsaidErrors) = await Run("keys", "create", "--name", "shop");
        var (unknown, _, _) = await Run("keys", "revoke", "--id", "999999");
        var (which, _, whichErrors) = await Run("keys", "revoke");
        var (verb, _, _) = await Run("keys", "make");

        Assert.That((code, unsaid, unknown, which, verb), Is.EqualTo((2, 2, 2, 2, 2)));
        Assert.That(errors, Does.Contain("--name must").And.Contain("'everything'").And.Contain("--days is '0'"));
        Assert.That(unsaidErrors, Does.StartWith("--scopes or --roles must"));
        Assert.That(whichErrors, Does.StartWith("--id must say which"));
    }

    private async Task<(string Id, string Secret)> Make(params string[] options)
    {
        var (code, output, errors) = await Run(["keys", "create", .. options]);
        Assert.That(code, Is.Zero, errors);
        var lines = output.Split('\n');
        return (lines[1].Split(' ')[1], lines[0]);
    }

    private async Task<(int Code, string Output, string Errors)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await Startup.RunAsync([.. args, "--database", Database.ConnectionString], output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private async Task<DateTime?> LastUsed(string id)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<DateTime?>(
            "SELECT last_used_at FROM api_key WHERE api_key_id = @Id::int",
            new { Id = id }
        );
    }

    private async Task Execute(string sql, object parameters)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
