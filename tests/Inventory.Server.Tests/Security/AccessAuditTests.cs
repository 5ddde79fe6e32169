using Dapper;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

[Parallelizable(ParallelScope.Self)]
public sealed class AccessAuditTests : SecuredFixture
{
    private sealed record Row(
        string? Caller,
        string Reason,
        string? Scope,
        string Target,
        string Address,
        string Trace
    );

    [Test]
    public async Task A_refused_call_is_written_down_with_who_what_from_where_and_its_trace()
    {
        var trace = Guid.NewGuid().ToString("n");
        var token = Issuer.Token("reports.read", c => c["sub"] = "mallory");

        var rest = await Get("/v1/inventory", ("authorization", $"Bearer {token}"), ("x-correlation-id", trace));

        var row = await Find(trace);
        Assert.That(rest.Status, Is.EqualTo(403));
        Assert.That(
            row,
            Is.EqualTo(
                new Row(
                    "sub:mallory",
                    "SCOPE_MISSING",
                    "stock.read",
                    "/inventory.v1.StockService/ListInventory",
                    "127.0.0.1",
                    trace
                )
            )
        );
    }

    [Test]
    public async Task Who_is_not_believed_is_written_down_without_a_name()
    {
        var trace = Guid.NewGuid().ToString("n");

        await Get("/metrics", ("authorization", "Bearer forged"), ("x-correlation-id", trace));

        Assert.That(
            await Find(trace),
            Is.EqualTo(new Row(null, "CREDENTIALS_INVALID", null, "/metrics", "127.0.0.1", trace))
        );
    }

    [Test]
    public async Task A_change_to_another_warehouse_is_written_down()
    {
        var trace = Guid.NewGuid().ToString("n");
        var other = await Given.Warehouse();
        var token = Issuer.Token("stock.write", c => (c["sub"], c["warehouses"]) = ("clerk", "BER"));

        await Post(
            "/v1/inventory:add",
            $$"""{"sku": "any", "warehouse": "{{other}}", "quantity": 1}""",
            ("authorization", $"Bearer {token}"),
            ("x-correlation-id", trace)
        );

        var row = await Find(trace);
        Assert.That((row?.Caller, row?.Reason), Is.EqualTo(("sub:clerk", "WAREHOUSE_NOT_PERMITTED")));
    }

    private async Task<Row?> Find(string trace)
    {
        Row? row = null;
        await Eventually.TrueAsync(async () =>
        {
            await using var connection = await Database.Tables.OpenConnectionAsync();
            row = await connection.QuerySingleOrDefaultAsync<Row>(
                "SELECT caller, reason, scope, target, address, trace FROM access_refusal WHERE trace = @Trace",
                new { Trace = trace }
            );
            return row is not null;
        });
        return row;
    }
}
