using Dapper;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Inventory.Server.Tests.Wire;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>Whatever is changed is written down: who, under which scope, from where, under which trace.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class MutationAuditTests : SecuredFixture
{
    // These need a scope that may change something and change nothing themselves.
    private static readonly string[] OnlyRead =
    [
        "ListApiKeys",
        "ListUsers",
        "ListSubscriptions",
        "ListDeliveries",
        "ListMutations",
        "ListRefusals",
    ];

    private sealed record Row(string Actor, string Caller, string Scope, string Address);

    private static IEnumerable<TestCaseData> Mutations =>
        Methods
            .Where(m => IsMutation(m) && !OnlyRead.Contains(m.Name))
            .Select(m => new TestCaseData(m).SetArgDisplayNames(m.Name));

    private static IEnumerable<MethodDescriptor> Methods =>
        RequestWalk.Methods.Select(c => (MethodDescriptor)c.Arguments[0]!);

    [TestCaseSource(nameof(Mutations))]
    public async Task A_change_is_written_down_with_who_under_which_scope_from_where_and_under_which_trace(object rpc)
    {
        var (method, trace) = ((MethodDescriptor)rpc, Guid.NewGuid());
        var calls = new AuditedCalls(Server.Channel, Database, As("others", "admin")).All;
        Assert.That(calls, Contains.Key(method.Name), "an RPC that may change something needs a call in AuditedCalls");

        await calls[method.Name](Traced(trace, As("auditor", "admin")));

        var scope = ScopeOf(method)!;
        Assert.That(await Rows(trace), Is.Not.Empty.And.All.EqualTo(Written("auditor", scope)));
    }

    [Test]
    public void What_takes_a_request_id_needs_a_scope_that_may_change_something()
    {
        var unwritten = Methods.Where(m => m.InputType.FindFieldByName("request_id") is not null && !IsMutation(m));

        Assert.That(unwritten.Select(m => m.FullName), Is.Empty);
    }

    [Test]
    public async Task By_REST_and_by_CSV_it_is_the_same()
    {
        var (sku, rest, csv) = (await Given.Stock(onHand: 1), Guid.NewGuid(), Guid.NewGuid());
        var bearer = ("authorization", $"Bearer {Issuer.Token("stock.write", c => c["sub"] = "clerk")}");

        await Post(
            "/v1/inventory:add",
            $$"""{"sku": "{{sku}}", "warehouse": "MAIN", "quantity": 1}""",
            bearer,
            ("traceparent", Parent(rest))
        );
        await SendBytes(
            "POST",
            "/v1/inventory/import",
            System.Text.Encoding.UTF8.GetBytes($"sku,warehouse,quantity\n{sku},MAIN,7\n"),
            "text/csv",
            bearer,
            ("x-correlation-id", csv.ToString("n"))
        );

        Assert.That(await Rows(rest), Is.EqualTo(new[] { Written("clerk", "stock.write") }));
        Assert.That(await Rows(csv), Is.EqualTo(new[] { Written("clerk", "stock.write") }));
    }

    [Test]
    public async Task A_call_that_brings_no_trace_is_given_one_and_no_two_have_the_same()
    {
        var sku = await Given.Stock(onHand: 5);
        for (var i = 0; i < 3; i++)
        {
            await Reservations.ReserveInventoryAsync(Order(sku), As("nobody", "reservations.write"));
        }

        var changes = await List(new() { Sku = sku, Actor = "sub:nobody" }, "admin");

        var traces = changes.Select(t => t.TraceId).ToArray();
        Assert.That(traces, Is.Unique.And.Length.EqualTo(3));
        Assert.That(traces, Is.All.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task Scope_and_trace_are_listed_and_the_address_to_an_admin_only()
    {
        var (sku, trace) = (await Given.Stock(onHand: 5), Guid.NewGuid());
        await Reservations.ReserveInventoryAsync(Order(sku), Traced(trace, As("shop", "reservations.write")));
        var asked = new ListTransactionsRequest { Sku = sku, TraceId = trace.ToString("n") };

        var admin = (await List(asked, "admin")).Single();
        var auditor = (await List(asked, "reports.read")).Single();
        var rest = await Get(
            $"/v1/transactions?sku={sku}&trace_id={trace:n}",
            ("authorization", $"Bearer {Issuer.Token("admin")}")
        );

        Assert.That(
            (admin.Scope, admin.Address, admin.TraceId),
            Is.EqualTo(("reservations.write", "127.0.0.1", trace.ToString("n")))
        );
        Assert.That(auditor, Is.EqualTo(new Transaction(admin) { Address = "" }));
        Assert.That(rest.Text, Does.Contain("\"address\": \"127.0.0.1\""), rest.Text);
    }

    [Test]
    public async Task What_moves_no_stock_has_a_row_of_its_own_which_says_what_it_was()
    {
        var trace = Guid.NewGuid();
        var key = Some.RequestId();
        await Catalog.CreateInventoryItemAsync(
            new()
            {
                RequestId = key,
                Sku = Some.Sku(),
                Name = "I",
            },
            Traced(trace, As("shop", "admin"))
        );

        await using var connection = await Database.Tables.OpenConnectionAsync();
        var kept = await connection.QuerySingleAsync<(string Operation, string Target, Guid? Key)>(
            "SELECT operation, target, request_key FROM mutation WHERE trace = @trace",
            new { trace }
        );
        Assert.That((kept.Operation, kept.Key is null), Is.EqualTo(("CreateInventoryItem", false)));
        Assert.That(kept.Target, Does.StartWith("item_"));
    }

    private static string? ScopeOf(MethodDescriptor method) =>
        method.GetOptions()?.GetExtension(AuthorizationExtensions.Access)?.Scope;

    private static bool IsMutation(MethodDescriptor method) =>
        ScopeOf(method) is { } scope && (scope == "admin" || scope.EndsWith(".write", StringComparison.Ordinal));

    private static Row Written(string subject, string scope) =>
        new($"sub:{subject}", $"sub:{subject}", scope, "127.0.0.1");

    private Metadata As(string subject, string scope) => Bearing(Issuer.Token(scope, c => c["sub"] = subject));

    private static Metadata Traced(Guid trace, Metadata headers)
    {
        headers.Add("traceparent", Parent(trace));
        return headers;
    }

    private static string Parent(Guid trace) => $"00-{trace:n}-b7ad6b7169203331-01";

    private async Task<IEnumerable<Transaction>> List(ListTransactionsRequest request, string scope) =>
        (
            await new JournalService.JournalServiceClient(Server.Channel).ListTransactionsAsync(
                request,
                As("reader", scope)
            )
        ).Transactions;

    private async Task<IEnumerable<Row>> Rows(Guid trace)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QueryAsync<Row>(
            """
            SELECT w.actor, o.caller, o.scope, o.address
            FROM (
                SELECT actor, origin FROM journal WHERE trace = @trace
                UNION ALL SELECT actor, origin FROM mutation WHERE trace = @trace) w
            LEFT JOIN origin o ON o.origin_id = w.origin
            """,
            new { trace }
        );
    }
}
