using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Stock;

[Parallelizable(ParallelScope.Self)]
public sealed class ReturnTests : ServerFixture
{
    [Test]
    public async Task Sold_goods_come_back_once_a_request_id_and_the_server_makes_one()
    {
        var sku = await Given.Stock(onHand: 5);
        var request = Back(await Sold(sku, 3), sku, 2);
        request.RequestId = "";
        request.Lines[0].Condition = ReturnCondition.Damaged;

        var first = await Stock.ReturnInventoryAsync(request);
        request.RequestId = first.RequestId;
        var again = await Stock.ReturnInventoryAsync(request);

        var stock = first.Stock.Single();
        Assert.That((stock.Sku, stock.Warehouse), Is.EqualTo((sku, Given.MainWarehouse)));
        Assert.That((stock.Levels.OnHand, stock.Levels.Damaged, stock.Levels.Available), Is.EqualTo((4L, 2L, 2L)));
        Assert.That(first.Reservation.Lines.Single().ReturnedQuantity, Is.EqualTo(2));
        Assert.That((first.Replayed, again.Replayed), Is.EqualTo((false, true)));
        Assert.That((again.Stock, again.Reservation), Is.EqualTo((first.Stock, first.Reservation)));
    }

    [Test]
    public async Task No_more_comes_back_than_was_sold()
    {
        var sku = await Given.Stock(onHand: 5);
        var sold = await Sold(sku, 3);
        await Stock.ReturnInventoryAsync(Back(sold, sku, 2));

        var refusal = await Refused(Stock.ReturnInventoryAsync(Back(sold, sku, 2)));

        Assert.That(
            (refusal.Code, refusal.Reason),
            Is.EqualTo((StatusCode.FailedPrecondition, "RESERVATION_QUANTITY"))
        );
        Assert.That(
            refusal.Detail<PreconditionFailure>().Violations.Single().Description,
            Is.EqualTo("has 1 that were sold and not returned, 2 brought back")
        );
        Assert.That(await Then.OnHand(sku), Is.EqualTo(4));
    }

    [Test]
    public async Task What_was_not_sold_or_has_no_place_does_not_come_back()
    {
        var sku = await Given.Stock(onHand: 5);
        var (held, sold) = (await Hold(sku), await Sold(sku, 1));
        var (nowhere, closed) = (Back(sold, sku, 1), Back(sold, sku, 1));
        nowhere.Lines[0].Warehouse = "nowhere";
        closed.Lines[0].Warehouse = await Given.Warehouse(active: false);
        var reused = Back(sold, sku, 1);
        await Stock.ReturnInventoryAsync(reused);
        reused.Reason = "other";

        var refusals = new[]
        {
            await Refused(Stock.ReturnInventoryAsync(Back(held, sku, 1))),
            await Refused(
                Stock.ReturnInventoryAsync(Back(new() { ReservationId = Guid.NewGuid().ToString() }, sku, 1))
            ),
            await Refused(Stock.ReturnInventoryAsync(reused)),
        };

        Assert.That(
            refusals.Select(r => (r.Code, r.Reason)),
            Is.EqualTo(
                new[]
                {
                    (StatusCode.FailedPrecondition, "RESERVATION_STATE"),
                    (StatusCode.NotFound, "RESERVATION_UNKNOWN"),
                    (StatusCode.AlreadyExists, "REQUEST_ID_REUSED"),
                }
            )
        );
        sold = await Sold(sku, 1);
        (nowhere.ReservationId, closed.ReservationId) = (sold.ReservationId, sold.ReservationId);
        Assert.That((await Refused(Stock.ReturnInventoryAsync(nowhere))).Reason, Is.EqualTo("WAREHOUSE_UNKNOWN"));
        Assert.That((await Refused(Stock.ReturnInventoryAsync(closed))).Reason, Is.EqualTo("WAREHOUSE_INACTIVE"));
    }

    [Test]
    public async Task Every_field_of_a_return_that_is_wrong_is_named_at_once()
    {
        var wrong = new ReturnInventoryRequest
        {
            RequestId = new string('r', 65),
            Lines =
            {
                new ReturnLine
                {
                    Quantity = 0,
                    Condition = (ReturnCondition)9,
                    Warehouse = "\n",
                },
            },
            Note = "why",
        };

        Assert.That(
            (await Refused(Stock.ReturnInventoryAsync(wrong))).Fields,
            Is.EqualTo(
                new[]
                {
                    ("request_id", "TOO_LONG"),
                    ("reservation_id", "REQUIRED"),
                    ("lines[0].sku", "REQUIRED"),
                    ("lines[0].quantity", "OUT_OF_RANGE"),
                    ("lines[0].warehouse", "CHARACTERS"),
                    ("lines[0].condition", "UNKNOWN_VALUE"),
                    ("note", "CONFLICT"),
                }
            )
        );
        Assert.That(
            (await Refused(Stock.ReturnInventoryAsync(new()))).Fields,
            Is.EqualTo(new[] { ("reservation_id", "REQUIRED"), ("lines", "REQUIRED") })
        );
    }

    private async Task<Reservation> Sold(string sku, long quantity)
    {
        var held = await Hold(sku, quantity);
        await Reservations.ConfirmReservationAsync(new() { ReservationId = held.ReservationId });
        return held;
    }

    private static ReturnInventoryRequest Back(Reservation sold, string sku, long quantity) =>
        new()
        {
            RequestId = Some.RequestId(),
            ReservationId = sold.ReservationId,
            Lines =
            {
                new ReturnLine { Sku = sku, Quantity = quantity },
            },
            Reason = "wrong_size",
        };
}
