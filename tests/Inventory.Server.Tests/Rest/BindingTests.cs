using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

[Parallelizable(ParallelScope.Self)]
public sealed class BindingTests : RestFixture
{
    [Test]
    public async Task A_name_with_a_slash_a_colon_and_an_umlaut_travels_in_a_path()
    {
        var sku = await Given.Stock(onHand: 3, sku: $"a/b:confirm%2F ü{Guid.NewGuid():n}");

        var answer = await Get($"/v1/inventory/{Uri.EscapeDataString(sku)}/MAIN");

        Assert.That(answer["stock.sku"], Is.EqualTo(sku));
    }

    [Test]
    public async Task A_query_fills_repeated_enum_and_time_fields_in_either_case()
    {
        var sku = await Given.Stock(onHand: 3);
        var held = await Hold(sku);
        var before = Uri.EscapeDataString("2100-01-01T00:00:00+02:00");

        var byName = await Get($"/v1/reservations?sku={sku}&state=RESERVATION_STATE_HELD&expires_before={before}");
        var byNumber = await Get($"/v1/reservations?sku={sku}&state=2&expiresAfter=2000-01-01T00:00:00Z&pageSize=5");
        var ended = await Get($"/v1/reservations?sku={sku}&state=3");

        foreach (var answer in (RestAnswer[])[byName, byNumber])
        {
            Assert.That(
                answer.Json.GetProperty("reservations")[0].GetProperty("reservationId").GetString(),
                Is.EqualTo(held.ReservationId)
            );
        }

        Assert.That(ended.Json.GetProperty("reservations").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Warehouses_are_named_by_warehouse_id_as_often_as_need_be()
    {
        var (one, two) = (await Given.Warehouse(), await Given.Warehouse());
        var sku = await Given.Stock(onHand: 1, warehouse: one);
        await Given.Stock(onHand: 2, sku: sku, warehouse: two);
        await Given.Stock(onHand: 4, sku: sku);

        var names = $"warehouse_id={one}&warehouse_id={two}";

        var available = await Get($"/v1/availability/{sku}?{names}");
        var listed = await Get($"/v1/inventory?sku={sku}&{names}");

        Assert.That(available["availability.totals.onHand"], Is.EqualTo("3"));
        Assert.That(listed.Json.GetProperty("stocks").GetArrayLength(), Is.EqualTo(2));
    }

    [TestCase("product_id", "warehouse_id")]
    [TestCase("productId", "warehouseId")]
    public async Task Goods_arrive_by_product_id_and_warehouse_id(string product, string warehouse)
    {
        var (sku, productId) = (Some.Sku(), Some.Sku());
        await Post("/v1/products", $$"""{"sku": "{{sku}}", "name": "Hose", "productId": "{{productId}}"}""");
        await Given.Warehouse(Given.MainWarehouse);

        var byProduct = await Add(productId);
        var bySku = await Add(sku);

        Assert.That((byProduct["stock.sku"], bySku["stock.sku"]), Is.EqualTo((sku, sku)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(4));

        Task<RestAnswer> Add(string name) =>
            Post("/v1/inventory", $$"""{"{{product}}": "{{name}}", "{{warehouse}}": "MAIN", "quantity": 2}""");
    }

    [Test]
    public async Task A_product_of_one_variant_can_be_reserved_and_one_of_several_must_be_named_by_its_sku()
    {
        var (single, several) = (Some.Sku(), Some.Sku());
        var sku = await Made(single, "red");
        await Made(several, "red");
        await Made(several, "blue");
        await Given.Stock(onHand: 3, sku: sku);

        var held = await Reserve(single);
        var unclear = await Reserve(several);
        var unknown = await Reserve(Some.Sku());

        Assert.That((held.Status, await Then.Reserved(sku)), Is.EqualTo((200, 2L)));
        Assert.That(unclear.Fields, Is.EqualTo(new[] { ("lines[0].sku", "CONFLICT") }));
        Assert.That((unknown.Status, unknown.Reason), Is.EqualTo((404, "SKU_UNKNOWN")));

        async Task<string> Made(string productId, string variantId)
        {
            var made = Some.Sku();
            var ids = $$"""{"sku": "{{made}}", "productId": "{{productId}}", "variantId": "{{variantId}}",""";
            await Post("/v1/products", $"{ids} \"name\": \"A\"}}");
            return made;
        }

        Task<RestAnswer> Reserve(string productId)
        {
            var line = $$"""{"product_id": "{{productId}}", "quantity": 2}""";
            return Post("/v1/reservations", $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{{line}}]}""");
        }
    }

    [Test]
    public async Task A_product_is_edited_and_deleted_by_its_own_id_unless_it_has_several_variants()
    {
        var (single, several) = (Some.Sku(), Some.Sku());
        foreach (var (product, variant) in new[] { (single, "red"), (several, "red"), (several, "blue") })
        {
            var ids = $$"""{"sku": "{{Some.Sku()}}", "productId": "{{product}}", "variantId": "{{variant}}",""";
            await Post("/v1/products", $"{ids} \"name\": \"A\"}}");
        }

        var edited = await Send("PUT", $"/v1/products/{single}", """{"name": "Hose", "productId": "P"}""");
        var gone = await Send("DELETE", $"/v1/products/{single}");
        var unclear = await Send("PUT", $"/v1/products/{several}", """{"name": "Hose"}""");
        var kept = await Send("DELETE", $"/v1/products/{several}");
        var both = await Send("PUT", $"/v1/products/{several}", """{"name": "Hose", "item": "a"}""");

        Assert.That((edited.Status, edited["item.name"], edited["item.productId"]), Is.EqualTo((200, "Hose", "P")));
        Assert.That((gone.Status, gone.Reason), Is.EqualTo((404, "ITEM_UNKNOWN")));
        Assert.That(unclear.Fields, Is.EqualTo(new[] { ("product", "CONFLICT") }));
        Assert.That(kept.Fields, Is.EqualTo(new[] { ("product", "CONFLICT") }));
        Assert.That(both.Fields, Is.EqualTo(new[] { ("item", "CONFLICT") }));
    }

    [Test]
    public async Task An_alias_never_hides_a_field_of_the_same_name()
    {
        var sku = await Given.Item();

        var edited = await Send("PATCH", $"/v1/items/{sku}", """{"product_id": "P-1"}""");

        Assert.That(edited["item.productId"], Is.EqualTo("P-1"));
    }

    [Test]
    public async Task Every_mistake_in_a_body_is_named_at_once()
    {
        var answer = await Post(
            "/v1/reservations",
            """
            {"requestId": 7, "holdFor": "long",
             "lines": [{"sku": "a", "quantity": "many"}, null, {"skuu": "b", "sku": true}],
             "order_id": "x", "orderId": "y", "colour": 1}
            """
        );

        Assert.That((answer.Status, answer.Code, answer.Reason), Is.EqualTo((400, 3, "FIELD_INVALID")));
        Assert.That(
            answer.Fields,
            Is.EqualTo(
                new[]
                {
                    ("request_id", "FORMAT"),
                    ("hold_for", "FORMAT"),
                    ("lines[0].quantity", "FORMAT"),
                    ("lines[1]", "FORMAT"),
                    ("lines[2].skuu", "UNKNOWN_FIELD"),
                    ("lines[2].sku", "FORMAT"),
                    ("order_id", "DUPLICATE"),
                    ("colour", "UNKNOWN_FIELD"),
                }
            )
        );
    }

    [TestCase("/v1/items?colour=red", "colour", "UNKNOWN_FIELD")]
    [TestCase("/v1/items?page_size=1&pageSize=2", "page_size", "DUPLICATE")]
    [TestCase("/v1/items?page_size=ten", "page_size", "FORMAT")]
    [TestCase("/v1/items?page_size=3000000000", "page_size", "OUT_OF_RANGE")]
    [TestCase("/v1/items?page_size=-1", "page_size", "OUT_OF_RANGE")]
    [TestCase("/v1/items?status=GREEN", "status", "UNKNOWN_VALUE")]
    [TestCase("/v1/items?status=99", "status", "UNKNOWN_VALUE")]
    [TestCase("/v1/items?category=%FF", "category", "CHARACTERS")]
    [TestCase("/v1/items?category.name=x", "category.name", "UNKNOWN_FIELD")]
    [TestCase("/v1/items/abc?item=abd", "item", "CONFLICT")]
    [TestCase("/v1/items/abc?product_id=abd", "product_id", "CONFLICT")]
    [TestCase("/v1/items/abc?=", "", "UNKNOWN_FIELD")]
    [TestCase("/v1/reservations?expires_after=yesterday", "expires_after", "FORMAT")]
    [TestCase("/v1/warehouses?active=yes", "active", "FORMAT")]
    public async Task A_mistake_in_a_query_is_named(string path, string field, string reason)
    {
        var answer = await Get(path);

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Fields, Is.EqualTo(new[] { (field, reason) }));
    }

    [Test]
    public async Task What_path_and_body_both_say_must_agree()
    {
        var sku = await Given.Item();

        var same = await Send("PATCH", $"/v1/items/{sku}", $$"""{"item": "{{sku}}", "name": "A"}""");
        var other = await Send("PATCH", $"/v1/items/{sku}", """{"item": "other", "name": "A"}""");
        var query = await Send("PATCH", $"/v1/items/{sku}?name=B", """{"category": "A"}""");

        Assert.That(same.Status, Is.EqualTo(200));
        Assert.That(other.Fields, Is.EqualTo(new[] { ("item", "CONFLICT") }));
        Assert.That(query.Fields, Is.EqualTo(new[] { ("name", "UNKNOWN_FIELD") }));
    }

    [Test]
    public async Task A_body_where_none_is_taken_is_refused()
    {
        var sku = await Given.Item();

        var answer = await Send("DELETE", $"/v1/items/{sku}", """{"expectedVersion": 1}""");

        Assert.That(answer.Fields, Is.EqualTo(new[] { ("body", "CONFLICT") }));
        Assert.That((await Get($"/v1/items/{sku}")).Status, Is.EqualTo(200));
    }
}
