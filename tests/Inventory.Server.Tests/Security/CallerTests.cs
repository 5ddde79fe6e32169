using Dapper;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

[Parallelizable(ParallelScope.Self)]
public sealed class CallerTests : SecuredFixture
{
    [Test]
    public async Task The_caller_is_the_actor_of_the_journal()
    {
        var sku = await Given.Stock(onHand: 0);
        var add = new AddInventoryToLocationRequest
        {
            Sku = sku,
            Warehouse = Testing.Given.MainWarehouse,
            Quantity = 7,
        };

        await Stock.AddInventoryToLocationAsync(add, Bearing(As("alice")));
        await Reservations.ReserveInventoryAsync(Order(sku, 3), Bearing(As("bob")));
        var rest = await Post(
            "/v1/inventory:remove",
            $$"""{"sku": "{{sku}}", "warehouse": "MAIN", "quantity": 1}""",
            ("authorization", $"Bearer {As("carol")}")
        );

        Assert.That(rest.Status, Is.EqualTo(200), rest.Text);
        Assert.That(await Actors(sku), Is.EqualTo(new[] { "sub:alice", "sub:bob", "sub:carol" }));
    }

    [Test]
    public async Task A_request_id_is_its_callers_own()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Order(sku, 2);

        var alice = await Reservations.ReserveInventoryAsync(order, Bearing(As("alice")));
        var bob = await Reservations.ReserveInventoryAsync(order, Bearing(As("bob")));
        var again = await Reservations.ReserveInventoryAsync(order, Bearing(As("alice")));

        Assert.That((alice.Replayed, bob.Replayed, again.Replayed), Is.EqualTo((false, false, true)));
        Assert.That(bob.Reservation.ReservationId, Is.Not.EqualTo(alice.Reservation.ReservationId));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(4));
    }

    [Test]
    public async Task A_request_of_the_time_before_callers_were_asked_is_nobodys_of_today()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = Order(sku, 2);
        var held = await Reservations.ReserveInventoryAsync(order, Bearing(As("alice")));
        await using (var connection = await Database.Tables.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                "UPDATE reservation SET caller = 'anonymous' WHERE request_id = @RequestId",
                new { order.RequestId }
            );
        }

        var confirmed = await Reservations.ConfirmReservationAsync(
            new() { ReservationId = held.Reservation.ReservationId },
            Bearing(As("bob"))
        );

        Assert.That(confirmed.Reservation.Caller, Is.EqualTo("anonymous"));
        Assert.That(confirmed.Reservation.State, Is.EqualTo(ReservationState.Confirmed));
    }

    [Test]
    public async Task A_stream_has_one_caller_for_all_its_requests()
    {
        var sku = await Given.Stock(onHand: 5);

        using var stream = Reservations.ReserveInventoryStream(Bearing(As("dave")));
        await stream.RequestStream.WriteAsync(new() { Reserve = Order(sku) });
        await stream.RequestStream.CompleteAsync();
        await stream.ResponseStream.MoveNext(CancellationToken.None);

        Assert.That(stream.ResponseStream.Current.Reserved.Reservation.Caller, Is.EqualTo("sub:dave"));
    }

    private string As(string subject) =>
        Issuer.Token("reservations.write reservations.read stock.write", c => c["sub"] = subject);

    private async Task<IEnumerable<string>> Actors(string sku)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QueryAsync<string>(
            """
            SELECT j.actor FROM journal j JOIN stock s USING (stock_id) JOIN item i USING (item_id)
            WHERE i.sku = @Sku ORDER BY j.position
            """,
            new { Sku = sku }
        );
    }
}
