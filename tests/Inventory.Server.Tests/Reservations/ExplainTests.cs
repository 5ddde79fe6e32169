using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

/// <summary>Explanations over the wire.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ExplainTests : ServerFixture
{
    private AvailabilityService.AvailabilityServiceClient Availability => new(Server.Channel);

    [Test]
    public async Task A_request_is_explained_and_holds_nothing()
    {
        var (near, far) = (await Given.Warehouse(priority: 1), await Given.Warehouse(priority: 2));
        var sku = await Given.Stock(onHand: 3, safetyStock: 1, warehouse: near);
        await Given.Stock(onHand: 5, sku: sku, warehouse: far);

        var fits = await Reservations.ExplainReservationAsync(new() { Reserve = Order(sku, quantity: 2) });
        var refused = await Reservations.ExplainReservationAsync(new() { Reserve = Order(sku, quantity: 9) });

        Assert.That(fits.Verdict, Is.EqualTo(ReserveVerdict.Held));
        Assert.That(
            fits.Lines.Single().Sources.Select(s => (s.Stock.Warehouse, s.Quantity, s.Choice)),
            Is.EqualTo([(near, 2, SourceChoice.Drawn), (far, 0, SourceChoice.NotNeeded)])
        );
        Assert.That(
            fits.Lines[0].Sources[0].Stock.Blocks,
            Is.EqualTo([new StockBlock { Term = StockTerm.SafetyStock, Quantity = 1 }])
        );
        Assert.That(refused.Verdict, Is.EqualTo(ReserveVerdict.InsufficientStock));
        Assert.That(refused.Lines.Single().Refusal, Is.EqualTo(ReserveVerdict.InsufficientStock));
        Assert.That(refused.Reservation, Is.Null);
        Assert.That(await Then.Reserved(sku), Is.Zero);
    }

    [Test]
    public async Task A_reservation_is_explained_by_its_id()
    {
        var sku = await Given.Stock(onHand: 3);
        var made = await Hold(sku, 2);

        var told = await Reservations.ExplainReservationAsync(new() { ReservationId = made.ReservationId });

        Assert.That(told.Reservation, Is.EqualTo(made));
        Assert.That(told.Verdict, Is.EqualTo(ReserveVerdict.Unspecified));
        Assert.That(told.Lines.Single().Sources.Single().Quantity, Is.EqualTo(2));
        Assert.That(told.Lines[0].Sources[0].Stock.NextLapseTime, Is.EqualTo(made.ExpireTime));
        Assert.That(told.AsOf, Is.Not.Null);
    }

    [Test]
    public async Task Bad_explanations_are_refused_with_every_violation()
    {
        var neither = await Refused(Reservations.ExplainReservationAsync(new()));
        var id = await Refused(Reservations.ExplainReservationAsync(new() { ReservationId = "x" }));
        var request = await Refused(Reservations.ExplainReservationAsync(new() { Reserve = new() }));
        var unknown = await Refused(
            Reservations.ExplainReservationAsync(new() { ReservationId = $"{Guid.NewGuid()}" })
        );

        Assert.That(neither.Fields, Is.EqualTo(new[] { ("subject", "REQUIRED") }));
        Assert.That(id.Fields, Is.EqualTo(new[] { ("reservation_id", "FORMAT") }));
        Assert.That(
            request.Fields,
            Is.EqualTo(new[] { ("reserve.request_id", "REQUIRED"), ("reserve.lines", "REQUIRED") })
        );
        Assert.That(unknown.Code, Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public async Task Availability_is_explained_by_warehouse()
    {
        var sku = await Given.Stock(onHand: 9, damaged: 2);
        var hold = await Hold(sku, 3);

        var told = await Availability.ExplainAvailabilityAsync(new() { Sku = sku });

        var stock = told.Warehouses.Single();
        Assert.That((told.Sku, told.Sellable, stock.Sellable), Is.EqualTo((sku, 4, 4)));
        Assert.That(
            stock.Blocks,
            Is.EqualTo([
                new StockBlock { Term = StockTerm.Held, Quantity = 3 },
                new StockBlock { Term = StockTerm.Damaged, Quantity = 2 },
            ])
        );
        Assert.That(stock.NextLapseTime, Is.EqualTo(hold.ExpireTime));
        Assert.That(stock.Levels.Reserved, Is.EqualTo(3));
    }

    [Test]
    public async Task Availability_of_nothing_is_not_explained()
    {
        var sku = await Given.Stock(onHand: 9);

        var wrong = await Refused(
            Availability.ExplainAvailabilityAsync(new() { Warehouses = { "", new string('w', 65) } })
        );
        var item = await Refused(Availability.ExplainAvailabilityAsync(new() { Sku = "no-such-sku" }));
        var place = await Refused(
            Availability.ExplainAvailabilityAsync(new() { Sku = sku, Warehouses = { "nowhere" } })
        );

        Assert.That(
            wrong.Fields,
            Is.EqualTo(new[] { ("sku", "REQUIRED"), ("warehouses[0]", "REQUIRED"), ("warehouses[1]", "TOO_LONG") })
        );
        Assert.That((item.Code, item.Reason), Is.EqualTo((StatusCode.NotFound, "SKU_UNKNOWN")));
        Assert.That((place.Code, place.Reason), Is.EqualTo((StatusCode.NotFound, "WAREHOUSE_UNKNOWN")));
    }
}
