using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

[Parallelizable(ParallelScope.Self)]
public sealed class RestTests : RestFixture
{
    [Test]
    public async Task An_item_lives_its_life_by_the_paths_of_products()
    {
        var sku = Some.Sku();

        var made = await Post("/v1/products", $$"""{"sku": "{{sku}}", "name": "Hose", "reorderPoint": 5}""");
        var found = await Get($"/v1/products/{sku}");
        var edited = await Send("PUT", $"/v1/products/{sku}", """{"name": "Long hose"}""");
        var deleted = await Send("DELETE", $"/v1/products/{sku}");
        var gone = await Get($"/v1/products/{sku}");

        Assert.That((made.Status, made["item.sku"]), Is.EqualTo((200, sku)));
        Assert.That((found.Status, found["item.name"]), Is.EqualTo((200, "Hose")));
        Assert.That((edited.Status, edited["item.name"], edited["item.version"]), Is.EqualTo((200, "Long hose", "2")));
        Assert.That(deleted.Status, Is.EqualTo(200));
        Assert.That((gone.Status, gone.Code, gone.Reason), Is.EqualTo((404, 5, "ITEM_UNKNOWN")));
    }

    [Test]
    public async Task An_order_is_reserved_extended_and_confirmed()
    {
        var sku = await Given.Stock(onHand: 5);
        var order = $$"""{"request_id": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 2}]}""";

        var held = await Post("/v1/inventory/reserve", order);
        var again = await Post("/v1/reservations", order);
        var id = held["reservation.reservationId"];
        var later = TimeProvider.System.GetUtcNow().AddHours(2).UtcDateTime.ToString("O");
        var extended = await Post($"/v1/reservations/{id}:extend", $$"""{"expireTime": "{{later}}"}""");
        var confirmed = await Post($"/v1/reservations/{id}:confirm", "");

        Assert.That((held.Status, held["reservation.state"]), Is.EqualTo((200, "RESERVATION_STATE_HELD")));
        Assert.That((again["replayed"], again["reservation.reservationId"]), Is.EqualTo(("True", id)));
        Assert.That(extended["replayed"], Is.EqualTo("False"));
        Assert.That(confirmed["reservation.state"], Is.EqualTo("RESERVATION_STATE_CONFIRMED"));
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((3L, 0L)));
    }

    [Test]
    public async Task Answers_are_lowerCamelCase_with_defaults_and_int64_as_strings()
    {
        var sku = await Given.Stock(onHand: 5);

        var answer = await Get($"/v1/inventory/{sku}/{Given.MainWarehouse}");

        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
        Assert.That(answer.Text, Does.Contain("\"onHand\": \"5\"").And.Contain("\"qualityControl\": \"0\""));
    }

    [Test]
    public async Task Both_cases_are_read_and_numbers_as_numbers_or_strings()
    {
        var sku = await Given.Stock(onHand: 10);

        var snake = await Post(
            "/v1/inventory:remove",
            $$"""{"request_id": "{{Some.RequestId()}}", "sku": "{{sku}}", "warehouse": "MAIN", "quantity": 1}"""
        );
        var camel = await Post(
            "/v1/inventory:remove",
            $$"""{"requestId": "{{Some.RequestId()}}", "sku": "{{sku}}", "warehouse": "MAIN", "quantity": "2.0"}"""
        );

        Assert.That((snake.Status, camel.Status), Is.EqualTo((200, 200)));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(7));
    }

    [Test]
    public async Task Money_is_an_object_or_a_bare_number_in_the_configured_currency()
    {
        var sku = Some.Sku();

        var made = await Post(
            "/v1/items",
            $$"""
            {"sku": "{{sku}}", "name": "Hose", "price": 123456789012345.6789,
             "unitCost": {"amount": "9.5", "currency": "USD"} }
            """
        );

        Assert.That(made["item.price.amount"], Is.EqualTo("123456789012345.6789"), "a double would round it");
        Assert.That((made["item.price.currency"], made["item.unitCost.currency"]), Is.EqualTo(("EUR", "USD")));
    }

    [Test]
    public async Task A_mask_names_fields_in_either_case()
    {
        var sku = Some.Sku();
        await Post("/v1/items", $$"""{"sku": "{{sku}}", "name": "Hose", "safetyStock": 4, "category": "garden"}""");

        var edited = await Send("PATCH", $"/v1/items/{sku}", """{"updateMask": "safetyStock,category"}""");
        var again = await Send("PATCH", $"/v1/items/{sku}", """{"updateMask": "safety_stock", "safetyStock": 7}""");

        Assert.That((edited["item.safetyStock"], edited["item.category"]), Is.EqualTo(("0", "")));
        Assert.That(again["item.safetyStock"], Is.EqualTo("7"));
    }

    [Test]
    public async Task A_version_is_an_ETag_and_a_stale_one_fails_its_condition()
    {
        var sku = Some.Sku();
        var made = await Post("/v1/items", $$"""{"sku": "{{sku}}", "name": "Hose"}""");

        var edited = await Send("PATCH", $"/v1/items/{sku}", """{"name": "A"}""", ("If-Match", made.Headers["ETag"]));
        var stale = await Send("PATCH", $"/v1/items/{sku}", """{"name": "B"}""", ("If-Match", made.Headers["ETag"]));
        var inBody = await Send("PATCH", $"/v1/items/{sku}", """{"name": "B", "expectedVersion": 1}""");
        var any = await Send("PATCH", $"/v1/items/{sku}", """{"name": "C"}""", ("If-Match", "*"));
        var deleted = await Send("DELETE", $"/v1/items/{sku}", null, ("If-Match", "\"2\""));

        Assert.That((made.Headers["ETag"], edited.Headers["ETag"]), Is.EqualTo(("\"1\"", "\"2\"")));
        Assert.That((stale.Status, stale.Code, stale.Reason), Is.EqualTo((412, 10, "VERSION_CONFLICT")));
        Assert.That((inBody.Status, inBody.Reason), Is.EqualTo((409, "VERSION_CONFLICT")));
        Assert.That((any.Status, deleted.Status), Is.EqualTo((200, 412)));
    }

    [TestCase("W/\"1\"")]
    [TestCase("1")]
    [TestCase("\"1\", \"2\"")]
    public async Task A_condition_that_cannot_be_kept_is_refused(string condition)
    {
        var sku = await Given.Item();

        var edit = await Send("PATCH", $"/v1/items/{sku}", """{"name": "A"}""", ("If-Match", condition));
        var read = await Get($"/v1/items/{sku}", ("If-Match", "\"1\""));

        Assert.That(edit.Fields, Is.EqualTo(new[] { ("If-Match", "FORMAT") }));
        Assert.That(read.Fields, Is.EqualTo(new[] { ("If-Match", "CONFLICT") }));
    }

    [TestCase("{0}")]
    [TestCase("\"{0}\"")]
    public async Task An_Idempotency_Key_is_the_request_id(string form)
    {
        var sku = await Given.Stock(onHand: 5);
        var (body, key) = ($$"""{"sku": "{{sku}}", "warehouse": "MAIN", "quantity": 1}""", Some.RequestId());
        var header = ("Idempotency-Key", string.Format(null, form, key));

        var first = await Post("/v1/inventory", body, header);
        var again = await Post("/v1/inventory", body, header);

        Assert.That((first["requestId"], first["replayed"], again["replayed"]), Is.EqualTo((key, "False", "True")));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(6));
    }

    [Test]
    public async Task Headers_that_contradict_the_body_are_refused()
    {
        var answer = await Send(
            "PATCH",
            "/v1/items/any",
            """{"name": "A", "requestId": "one", "expectedVersion": 1}""",
            ("Idempotency-Key", "two"),
            ("If-Match", "\"2\"")
        );

        Assert.That(answer.Fields, Is.EqualTo(new[] { ("request_id", "CONFLICT"), ("expected_version", "CONFLICT") }));
    }

    [Test]
    public async Task A_correlation_id_is_echoed_and_no_answer_is_kept_in_a_cache()
    {
        var answer = await Get("/v1/warehouses", ("x-correlation-id", "order-9"));

        Assert.That(answer.Headers["x-correlation-id"], Is.EqualTo("order-9"));
        Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"));
    }

    [Test]
    public async Task A_call_is_counted_by_its_RPC_like_one_over_gRPC()
    {
        await Get("/v1/items/no-such-item");

        var page = await Server.Http.GetStringAsync("/metrics");

        Assert.That(
            page,
            Does.Match(
                """rpc_server_call_duration_seconds_count\{.*CatalogService/GetInventoryItem.*NotFound.*\} [1-9]"""
            )
        );
    }

    [Test]
    public async Task HEAD_is_GET_without_a_body()
    {
        var sku = await Given.Item();

        var answer = await Send("HEAD", $"/v1/items/{sku}");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "")));
        Assert.That(answer.Headers["ETag"], Is.EqualTo("\"1\""));
    }
}
