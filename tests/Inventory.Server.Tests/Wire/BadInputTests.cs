using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

[Parallelizable(ParallelScope.Self)]
public sealed class BadInputTests : ServerFixture
{
    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var order = new ReserveInventoryRequest
        {
            RequestId = "naïve",
            OrderId = new string('x', 65),
            HoldFor = Duration.FromTimeSpan(TimeSpan.FromDays(2)),
            Lines =
            {
                new ReserveLine { Sku = "", Quantity = 0 },
                new ReserveLine { Sku = "good", Quantity = 1 },
                new ReserveLine
                {
                    Sku = "nul\0",
                    Quantity = -1,
                    Warehouse = new string('w', 65),
                },
                new ReserveLine { Sku = new string('s', 65), Quantity = long.MaxValue },
            },
        };

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(refusal.Reason, Is.EqualTo("FIELD_INVALID"));
        Assert.That(
            refusal.Fields,
            Is.EqualTo(
                new[]
                {
                    ("request_id", "CHARACTERS"),
                    ("order_id", "TOO_LONG"),
                    ("lines[0].sku", "REQUIRED"),
                    ("lines[0].quantity", "OUT_OF_RANGE"),
                    ("lines[2].sku", "CHARACTERS"),
                    ("lines[2].quantity", "OUT_OF_RANGE"),
                    ("lines[2].warehouse", "TOO_LONG"),
                    ("lines[3].sku", "TOO_LONG"),
                    ("lines[3].quantity", "OUT_OF_RANGE"),
                    ("hold_for", "OUT_OF_RANGE"),
                }
            )
        );
    }

    [TestCase("", "REQUIRED")]
    [TestCase("\0", "CHARACTERS")]
    [TestCase("a\nb", "CHARACTERS")]
    [TestCase("\u007f", "CHARACTERS")]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123x", "TOO_LONG")]
    public async Task A_request_id_is_1_to_64_printable_characters(string requestId, string reason)
    {
        var order = Order(await Given.Stock(1));
        order.RequestId = requestId;

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("request_id", reason) }));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(long.MinValue)]
    [TestCase(1_000_000_000_001)]
    [TestCase(long.MaxValue)]
    public async Task A_quantity_that_cannot_be_held_is_refused_and_holds_nothing(long quantity)
    {
        var sku = await Given.Stock(onHand: 5);

        var refusal = await Refused(Reservations.ReserveInventoryAsync(Order(sku, quantity)));

        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("lines[0].quantity", "OUT_OF_RANGE") }));
        Assert.That(await Then.Changes(sku), Is.EqualTo(1));
    }

    [TestCase(0, "REQUIRED")]
    [TestCase(101, "OUT_OF_RANGE")]
    public async Task An_order_has_1_to_100_lines(int count, string reason)
    {
        var order = new ReserveInventoryRequest { RequestId = Some.RequestId() };
        order.Lines.Add(Enumerable.Repeat(new ReserveLine { Sku = "any", Quantity = 1 }, count));

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("lines", reason) }));
    }

    [Test]
    public async Task Lines_of_one_SKU_are_summed_and_judged_as_one()
    {
        var sku = await Given.Stock(onHand: 3);
        var order = Order(sku, quantity: 2);
        order.Lines.Add(new ReserveLine { Sku = sku, Quantity = 2 });

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Info.Metadata["requested"], Is.EqualTo("4"));
        Assert.That(await Then.Reserved(sku), Is.Zero);
    }

    [TestCase(0L, 999_999_999)]
    [TestCase(-5L, 0)]
    [TestCase(86_400L, 1)]
    [TestCase(1L, -1)]
    [TestCase(1L, 1_000_000_000)]
    [TestCase(long.MaxValue, int.MaxValue)]
    [TestCase(long.MinValue, int.MinValue)]
    public async Task A_hold_lasts_1_second_to_24_hours(long seconds, int nanos)
    {
        var order = Order(await Given.Stock(1));
        order.HoldFor = new Duration { Seconds = seconds, Nanos = nanos };

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("hold_for", "OUT_OF_RANGE") }));
    }

    [TestCase("")]
    [TestCase("42")]
    [TestCase("{0f8fad5b-d9cb-469f-a165-70867728950e}")]
    [TestCase("0f8fad5bd9cb469fa16570867728950e")]
    [TestCase("0f8fad5b-d9cb-469f-a165-70867728950e'; DROP TABLE reservation; --")]
    public async Task A_reservation_id_is_a_UUID(string id)
    {
        Refusal[] refusals =
        [
            await Refused(Reservations.GetReservationAsync(new() { ReservationId = id })),
            await Refused(Reservations.ConfirmReservationAsync(new() { ReservationId = id })),
            await Refused(Reservations.CancelReservationAsync(new() { ReservationId = id })),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.InvalidArgument));
        Assert.That(
            refusals.Select(r => r.Fields.Single()),
            Is.All.EqualTo(("reservation_id", id.Length == 0 ? "REQUIRED" : "FORMAT"))
        );
    }

    [Test]
    public async Task A_cause_of_a_later_version_is_refused_and_not_taken_for_another()
    {
        var sku = await Given.Stock(onHand: 1);
        var held = await Hold(sku);

        var refusal = await Refused(
            Reservations.CancelReservationAsync(new() { ReservationId = held.ReservationId, Cause = (CancelCause)99 })
        );

        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("cause", "UNKNOWN_VALUE") }));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [TestCase(long.MaxValue, 0)]
    [TestCase(long.MinValue, 0)]
    [TestCase(0L, -1)]
    [TestCase(0L, 1_000_000_000)]
    public async Task A_time_that_no_clock_shows_is_refused(long seconds, int nanos)
    {
        var request = new ExtendReservationRequest
        {
            ReservationId = Guid.NewGuid().ToString(),
            ExpireTime = new Timestamp { Seconds = seconds, Nanos = nanos },
        };

        var refusal = await Refused(Reservations.ExtendReservationAsync(request));

        Assert.That(refusal.Fields, Is.EqualTo(new[] { ("expire_time", "OUT_OF_RANGE") }));
    }

    [Test]
    public async Task SQL_in_a_string_is_ordinary_data()
    {
        const string injection = "'; DELETE FROM stock; --";
        var sku = await Given.Stock(onHand: 1);
        var order = Order(sku);
        order.RequestId = $"{injection}{Guid.NewGuid():n}";
        order.OrderId = injection;

        var made = (await Reservations.ReserveInventoryAsync(order)).Reservation;

        Assert.That(made.OrderId, Is.EqualTo(injection));
        Assert.That(
            (await Refused(Reservations.ReserveInventoryAsync(Order(injection)))).Reason,
            Is.EqualTo("SKU_UNKNOWN")
        );
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    [Test]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        // Field 1, request_id: a lone continuation byte.
        byte[] message = [0x0A, 0x02, (byte)'a', 0x80];

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            Server.Channel.SendAsync("ReserveInventory", message)
        );

        Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
    }

    [Test]
    public async Task A_long_list_of_mistakes_is_cut_and_says_so()
    {
        var order = new ReserveInventoryRequest { RequestId = Some.RequestId() };
        order.Lines.Add(Enumerable.Repeat(new ReserveLine(), 100));

        var refusal = await Refused(Reservations.ReserveInventoryAsync(order));

        Assert.That(refusal.Details.CalculateSize(), Is.LessThan(5_000));
        var violations = refusal.Detail<BadRequest>().FieldViolations;
        Assert.That(violations[^1].Description, Is.EqualTo($"{201 - violations.Count} more violations are not listed"));
        Assert.That(refusal.Message, Is.EqualTo("lines[0].sku is required, and 199 more."));
    }
}
