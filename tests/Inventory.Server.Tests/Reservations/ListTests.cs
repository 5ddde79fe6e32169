using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Reservations;

[Parallelizable(ParallelScope.Self)]
public sealed class ListTests : ServerFixture
{
    [Test]
    public async Task Pages_follow_each_other_without_a_gap_newest_first()
    {
        var sku = await Given.Stock(onHand: 100);
        var made = new List<string>();
        for (var number = 0; number < 7; number++)
        {
            made.Add((await Hold(sku)).ReservationId);
        }

        var listed = await AllAsync(new() { Sku = sku, PageSize = 3 });

        Assert.That(listed.Select(r => r.ReservationId), Is.EqualTo(Enumerable.Reverse(made)));
    }

    [Test]
    public async Task What_is_listed_is_what_get_tells()
    {
        var held = await Hold(await Given.Stock(onHand: 1));

        var listed = await AllAsync(new() { Sku = held.Lines.Single().Sku });

        Assert.That(listed.Single(), Is.EqualTo(held));
    }

    [Test]
    public async Task Each_filter_keeps_what_matches_it_and_all_hold_together()
    {
        var (near, far) = (await Given.Warehouse(), await Given.Warehouse());
        var sku = await Given.Stock(onHand: 9, warehouse: near);
        await Given.Stock(onHand: 9, sku: sku, warehouse: far);
        var (here, there) = (await PlaceAsync(sku, near, minutes: 10), await PlaceAsync(sku, far, minutes: 60));
        await Reservations.ConfirmReservationAsync(new() { ReservationId = there.ReservationId });
        var between = Timestamp.FromDateTimeOffset(here.CreateTime.ToDateTimeOffset().AddMinutes(30));

        Assert.That(await IdsAsync(new() { OrderId = here.OrderId }), Is.EqualTo(new[] { here.ReservationId }));
        Assert.That(
            await IdsAsync(new() { Sku = sku, State = ReservationState.Confirmed }),
            Is.EqualTo(new[] { there.ReservationId })
        );
        Assert.That(await IdsAsync(new() { Sku = sku, Warehouse = near }), Is.EqualTo(new[] { here.ReservationId }));
        Assert.That(
            await IdsAsync(new() { Sku = sku, ExpiresBefore = between }),
            Is.EqualTo(new[] { here.ReservationId })
        );
        Assert.That(
            await IdsAsync(new() { Sku = sku, ExpiresAfter = between }),
            Is.EqualTo(new[] { there.ReservationId })
        );
        Assert.That(
            await IdsAsync(
                new()
                {
                    Sku = sku,
                    Warehouse = near,
                    State = ReservationState.Confirmed,
                }
            ),
            Is.Empty
        );
    }

    [Test]
    public async Task A_page_that_no_client_could_receive_is_cut_and_the_next_goes_on()
    {
        var skus = new List<string>();
        for (var number = 0; number < 100; number++)
        {
            skus.Add(await Given.Stock(onHand: 1_000, sku: $"{Some.Sku()}-{number:d3}".PadRight(64, 'x')));
        }

        var orders = Enumerable.Range(0, 400).Select(_ => OrderOf(skus)).ToArray();
        // One first: four hundred strangers with a hundred SKUs each would be more look-ups than may wait.
        await Reservations.ReserveInventoryAsync(orders[0]);
        await Task.WhenAll(orders.Select(o => Reservations.ReserveInventoryAsync(o).ResponseAsync));

        var first = await Reservations.ListReservationsAsync(new() { Sku = skus[0], PageSize = 1_000 });
        var listed = await AllAsync(new() { Sku = skus[0], PageSize = 1_000 });

        Assert.That(first.CalculateSize(), Is.LessThan(4 * 1024 * 1024));
        Assert.That(first.NextPageToken, Is.Not.Empty);
        Assert.That(listed.Select(r => r.RequestId), Is.EquivalentTo(orders.Select(o => o.RequestId)));
    }

    [Test]
    public async Task A_token_of_other_filters_is_refused()
    {
        var sku = await Given.Stock(onHand: 9);
        await Hold(sku);
        await Hold(sku);
        var page = await Reservations.ListReservationsAsync(new() { Sku = sku, PageSize = 1 });

        foreach (var token in new[] { page.NextPageToken, "forged", "'; --" })
        {
            var refusal = await Refused(Reservations.ListReservationsAsync(new() { PageToken = token }));
            Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
            Assert.That(refusal.Fields, Is.EqualTo(new[] { ("page_token", "FORMAT") }));
        }
    }

    [Test]
    public async Task An_unknown_SKU_or_warehouse_is_not_found()
    {
        var sku = await Refused(Reservations.ListReservationsAsync(new() { Sku = Some.Sku() }));
        var place = await Refused(Reservations.ListReservationsAsync(new() { Warehouse = Some.WarehouseCode() }));

        Assert.That((sku.Code, sku.Reason), Is.EqualTo((StatusCode.NotFound, "SKU_UNKNOWN")));
        Assert.That((place.Code, place.Reason), Is.EqualTo((StatusCode.NotFound, "WAREHOUSE_UNKNOWN")));
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var refusal = await Refused(
            Reservations.ListReservationsAsync(
                new()
                {
                    PageSize = 1_001,
                    OrderId = "\u0001",
                    State = (ReservationState)42,
                    Sku = new string('s', 65),
                    ExpiresBefore = new Timestamp { Nanos = -1 },
                }
            )
        );

        Assert.That(
            refusal.Fields,
            Is.EqualTo(
                new[]
                {
                    ("page_size", "OUT_OF_RANGE"),
                    ("order_id", "CHARACTERS"),
                    ("state", "UNKNOWN_VALUE"),
                    ("sku", "TOO_LONG"),
                    ("expires_before", "OUT_OF_RANGE"),
                }
            )
        );
    }

    private async Task<Reservation> PlaceAsync(string sku, string warehouse, int minutes)
    {
        var order = Order(sku, warehouse: warehouse);
        order.OrderId = Some.OrderId();
        order.HoldFor = Duration.FromTimeSpan(TimeSpan.FromMinutes(minutes));
        return (await Reservations.ReserveInventoryAsync(order)).Reservation;
    }

    private static ReserveInventoryRequest OrderOf(IEnumerable<string> skus) =>
        new()
        {
            RequestId = Some.RequestId(),
            Lines = { skus.Select(sku => new ReserveLine { Sku = sku, Quantity = 1 }) },
        };

    private async Task<IEnumerable<string>> IdsAsync(ListReservationsRequest request) =>
        (await AllAsync(request)).Select(r => r.ReservationId);

    private async Task<List<Reservation>> AllAsync(ListReservationsRequest request)
    {
        var all = new List<Reservation>();
        var page = request.Clone();
        do
        {
            var answer = await Reservations.ListReservationsAsync(page);
            all.AddRange(answer.Reservations);
            page.PageToken = answer.NextPageToken;
        } while (page.PageToken.Length > 0);
        return all;
    }
}
