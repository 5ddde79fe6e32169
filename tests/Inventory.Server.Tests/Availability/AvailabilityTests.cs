using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Availability;

[Parallelizable(ParallelScope.Self)]
public sealed class AvailabilityTests : ServerFixture
{
    private const string Main = Given.MainWarehouse;

    private AvailabilityService.AvailabilityServiceClient Client => new(Server.Channel);

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh) =>
        HostedServer.StartAsync(fresh.ConnectionString, (Setting.Redis, fresh.RedisConnectionString));

    [TestCase(Consistency.Unspecified)]
    [TestCase(Consistency.Eventual)]
    [TestCase(Consistency.Strong)]
    public async Task A_SKU_is_told_by_warehouse_and_in_all(Consistency consistency)
    {
        var other = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10, damaged: 1, qualityControl: 2, safetyStock: 3);
        await Given.Stock(onHand: 1, sku: sku, warehouse: other, safetyStock: 4);

        var answer = await GetAsync(sku, consistency);

        Assert.That(answer.Sku, Is.EqualTo(sku));
        Assert.That(answer.Warehouses.Select(w => w.Warehouse), Is.EquivalentTo([Main, other]));
        Assert.That(
            answer.Warehouses.Single(w => w.Warehouse == Main).Levels,
            Is.EqualTo(Levels(onHand: 10, damaged: 1, qualityControl: 2, safetyStock: 3, available: 4))
        );
        Assert.That(
            answer.Totals,
            Is.EqualTo(Levels(onHand: 11, damaged: 1, qualityControl: 2, safetyStock: 7, available: 4)),
            "what one warehouse lacks hides nothing of the other"
        );
        Assert.That(answer.Age.ToTimeSpan(), Is.InRange(TimeSpan.Zero, TimeSpan.FromSeconds(30)));
        Assert.That(answer.AsOf, Is.Not.Null);
    }

    [Test]
    public async Task A_read_comes_from_the_cache_and_a_strong_one_from_the_database()
    {
        var sku = await Given.Stock(onHand: 2);

        await Eventually.TrueAsync(async () => (await GetAsync(sku)).Source == AvailabilitySource.Cache);
        var strong = await GetAsync(sku, Consistency.Strong);

        Assert.That(strong.Source, Is.EqualTo(AvailabilitySource.Database));
    }

    [Test]
    public async Task A_hold_lowers_what_is_available_and_raises_the_version()
    {
        var sku = await Given.Stock(onHand: 5);
        var before = await GetAsync(sku, Consistency.Strong);

        await Hold(sku, quantity: 2);
        var after = await GetAsync(sku, Consistency.Strong);
        await Eventually.TrueAsync(async () => (await GetAsync(sku)).Totals.Available == 3);

        Assert.That((before.Totals.Available, after.Totals.Available), Is.EqualTo((5L, 3L)));
        Assert.That(after.Totals.Reserved, Is.EqualTo(2));
        Assert.That(after.Warehouses[0].StockVersion, Is.GreaterThan(before.Warehouses[0].StockVersion));
    }

    [Test]
    public async Task Only_the_warehouses_that_are_asked_for_are_told_and_summed()
    {
        var other = await Given.Warehouse();
        var sku = await Given.Stock(onHand: 10);
        await Given.Stock(onHand: 1, sku: sku, warehouse: other);

        var answer = (await Client.GetAvailabilityAsync(new() { Sku = sku, Warehouses = { other } })).Availability;

        Assert.That(answer.Warehouses.Single().Warehouse, Is.EqualTo(other));
        Assert.That(answer.Totals.OnHand, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_discontinued_or_at_an_inactive_warehouse_is_not_available()
    {
        var closed = await Given.Warehouse(active: false);
        var ended = await Given.Stock(onHand: 5, discontinued: true);
        var shut = await Given.Stock(onHand: 5, warehouse: closed);

        Assert.That((await GetAsync(ended)).Totals, Is.EqualTo(Levels(onHand: 5, available: 0)));
        Assert.That((await GetAsync(shut)).Totals, Is.EqualTo(Levels(onHand: 5, available: 0)));
    }

    [Test]
    public async Task An_unknown_SKU_or_warehouse_is_not_found()
    {
        var (sku, nothing, nowhere) = (await Given.Stock(1), Some.Sku(), Some.WarehouseCode());

        Refusal[] refusals =
        [
            await Refused(Client.GetAvailabilityAsync(new() { Sku = nothing })),
            await Refused(Client.GetAvailabilityAsync(new() { Sku = sku, Warehouses = { nowhere } })),
            await Refused(Client.BatchGetAvailabilityAsync(new() { Skus = { sku }, Warehouses = { nowhere } })),
        ];

        Assert.That(refusals.Select(r => r.Code), Is.All.EqualTo(StatusCode.NotFound));
        Assert.That(
            refusals.Select(r => r.Resources.Single().ResourceName),
            Is.EqualTo(new[] { nothing, nowhere, nowhere })
        );
    }

    [Test]
    public async Task Many_are_told_in_the_order_of_the_request_and_unknown_ones_apart()
    {
        var (one, two, nothing) = (await Given.Stock(1), await Given.Stock(2), Some.Sku());

        var answer = await Client.BatchGetAvailabilityAsync(new() { Skus = { two, nothing, one, two } });

        Assert.That(answer.Availabilities.Select(a => a.Sku), Is.EqualTo(new[] { two, one, two }));
        Assert.That(answer.Availabilities.Select(a => a.Totals.Available), Is.EqualTo(new[] { 2, 1, 2 }));
        Assert.That(answer.UnknownSkus, Is.EqualTo(new[] { nothing }));
    }

    [Test]
    public async Task A_cart_that_fits_is_available()
    {
        var (one, two) = (await Given.Stock(1), await Given.Stock(2));

        var cart = await CheckAsync((one, 1, ""), (two, 2, Main));

        Assert.That(cart.Available, Is.True);
        Assert.That(cart.Lines.Select(l => l.Verdict), Is.All.EqualTo(LineAvailability.Available));
        Assert.That(cart.Lines.Select(l => l.Available), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(cart.AsOf, Is.Not.Null);
    }

    [Test]
    public async Task Lines_of_one_SKU_are_judged_against_the_same_stock()
    {
        var sku = await Given.Stock(onHand: 3);

        var cart = await CheckAsync((sku, 2, ""), (sku, 2, ""));

        Assert.That(cart.Available, Is.False);
        Assert.That(cart.Lines.Select(l => l.Verdict), Is.All.EqualTo(LineAvailability.InsufficientStock));
    }

    [Test]
    public async Task What_stands_in_a_carts_way_is_said_line_by_line()
    {
        var closed = await Given.Warehouse(active: false);
        var (sku, ended) = (await Given.Stock(1), await Given.Stock(1, discontinued: true));
        await Given.Stock(onHand: 1, sku: sku, warehouse: closed);

        var cart = await CheckAsync(
            (sku, 1, Main),
            (sku, 1, closed),
            (sku, 1, Some.WarehouseCode()),
            (ended, 1, ""),
            (Some.Sku(), 1, "")
        );

        Assert.That(cart.Available, Is.False);
        Assert.That(
            cart.Lines.Select(l => l.Verdict),
            Is.EqualTo(
                new[]
                {
                    LineAvailability.Available,
                    LineAvailability.WarehouseInactive,
                    LineAvailability.WarehouseUnknown,
                    LineAvailability.ItemDiscontinued,
                    LineAvailability.SkuUnknown,
                }
            )
        );
    }

    [Test]
    public async Task A_cart_that_names_no_item_says_so()
    {
        var cart = await CheckAsync((Some.Sku(), 1, ""));

        Assert.That(cart.Lines.Single().Verdict, Is.EqualTo(LineAvailability.SkuUnknown));
        Assert.That((cart.AsOf, cart.Age), Is.EqualTo(((object?)null, (object?)null)));
        Assert.That(cart.Source, Is.EqualTo(AvailabilitySource.Database));
    }

    [Test]
    public async Task Every_field_that_is_wrong_is_named_at_once()
    {
        var get = await Refused(
            Client.GetAvailabilityAsync(new() { Warehouses = { "", "\n" }, Consistency = (Consistency)7 })
        );
        var batch = new BatchGetAvailabilityRequest();
        var none = await Refused(Client.BatchGetAvailabilityAsync(batch));
        batch.Skus.Add(Enumerable.Repeat("any", 201));
        var many = await Refused(Client.BatchGetAvailabilityAsync(batch));
        var cart = await Refused(
            Client.CheckInventoryAvailabilityAsync(
                new() { Lines = { new CartLine { Warehouse = new string('w', 65) } } }
            )
        );
        var empty = await Refused(Client.CheckInventoryAvailabilityAsync(new()));

        Assert.That(
            get.Fields,
            Is.EqualTo(
                new[]
                {
                    ("sku", "REQUIRED"),
                    ("warehouses[0]", "REQUIRED"),
                    ("warehouses[1]", "CHARACTERS"),
                    ("consistency", "UNKNOWN_VALUE"),
                }
            )
        );
        Assert.That(none.Fields, Is.EqualTo(new[] { ("skus", "REQUIRED") }));
        Assert.That(many.Fields, Is.EqualTo(new[] { ("skus", "OUT_OF_RANGE") }));
        Assert.That(
            cart.Fields.Select(f => f.Field),
            Is.EqualTo(new[] { "lines[0].sku", "lines[0].quantity", "lines[0].warehouse" })
        );
        Assert.That(empty.Fields, Is.EqualTo(new[] { ("lines", "REQUIRED") }));
    }

    private async Task<V1.Availability> GetAsync(string sku, Consistency consistency = Consistency.Eventual) =>
        (await Client.GetAvailabilityAsync(new() { Sku = sku, Consistency = consistency })).Availability;

    private async Task<CheckInventoryAvailabilityResponse> CheckAsync(
        params (string Sku, long Quantity, string Warehouse)[] lines
    )
    {
        var request = new CheckInventoryAvailabilityRequest();
        foreach (var (sku, quantity, warehouse) in lines)
        {
            request.Lines.Add(
                new CartLine
                {
                    Sku = sku,
                    Quantity = quantity,
                    Warehouse = warehouse,
                }
            );
        }

        return await Client.CheckInventoryAvailabilityAsync(request);
    }

    private static StockLevels Levels(
        long onHand,
        long available,
        long damaged = 0,
        long qualityControl = 0,
        long safetyStock = 0
    ) =>
        new()
        {
            OnHand = onHand,
            Damaged = damaged,
            QualityControl = qualityControl,
            SafetyStock = safetyStock,
            Available = available,
        };
}
