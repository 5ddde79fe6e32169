using System.Diagnostics;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Engine.Access;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>What is written down of changes and refusals is read by an admin, page by page.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AuditListTests : SecuredFixture
{
    private AccessService.AccessServiceClient AccessCalls => new(Server.Channel);

    private Metadata Admin => Bearing(Issuer.Token("admin"));

    [Test]
    public async Task A_change_that_moved_no_stock_is_told_with_who_under_which_scope_from_where_and_its_trace()
    {
        var (trace, sku) = (Guid.NewGuid(), Some.Sku());
        var headers = As("shop", "catalog.write");
        headers.Add("traceparent", $"00-{trace:n}-b7ad6b7169203331-01");
        var made = await Catalog.CreateInventoryItemAsync(new() { Sku = sku, Name = "I" }, headers);

        var byTrace = await List(new() { TraceId = $"{trace:n}" });
        var byTarget = await List(new() { Target = made.Item.ItemId, Operation = "CreateInventoryItem" });
        var rest = await Get(
            $"/v1/access/mutations?traceId={trace:n}",
            ("authorization", $"Bearer {Issuer.Token("admin")}")
        );

        var told = byTrace.Mutations.Single();
        var expected = new V1.Mutation
        {
            Time = told.Time,
            Operation = "CreateInventoryItem",
            Target = made.Item.ItemId,
            Actor = "sub:shop",
            Scope = "catalog.write",
            Address = "127.0.0.1",
            TraceId = $"{trace:n}",
        };
        Assert.That(told, Is.EqualTo(expected));
        Assert.That(told.Time.ToDateTime(), Is.EqualTo(TimeProvider.System.GetUtcNow().UtcDateTime).Within(1).Minutes);
        Assert.That(byTarget.Mutations, Is.EqualTo(byTrace.Mutations));
        Assert.That(rest.Text, Does.Contain("\"address\": \"127.0.0.1\""), rest.Text);
    }

    [Test]
    public async Task Pages_tell_each_change_once_the_newest_first_also_those_of_one_moment()
    {
        var actor = await Write("2020-01-01 00:00Z", "2020-01-02 00:00Z", "2020-01-02 00:00Z", "2020-01-03 00:00Z");
        var told = new List<V1.Mutation>();
        var token = "";
        do
        {
            var page = await List(
                new()
                {
                    Actor = actor,
                    PageSize = 1,
                    PageToken = token,
                }
            );
            told.AddRange(page.Mutations);
            token = page.NextPageToken;
        } while (token.Length > 0);

        Assert.That(told.Select(m => m.Target), Is.EqualTo(new[] { "3", "2", "1", "0" }));
    }

    [Test]
    public async Task A_time_bounds_a_list_from_its_start_to_before_its_end()
    {
        var actor = await Write("2020-01-01 00:00Z", "2020-01-02 00:00Z", "2020-01-03 00:00Z");

        var page = await List(
            new()
            {
                Actor = actor,
                StartTime = Day(1),
                EndTime = Day(3),
            }
        );

        Assert.That(page.Mutations.Select(m => m.Target), Is.EqualTo(new[] { "1", "0" }));
    }

    [Test]
    public async Task A_page_looks_at_a_bounded_number_of_rows_and_the_next_goes_on_behind_them()
    {
        var rare = await Write("2019-01-01 00:00Z");
        await Write("2019-01-02 00:00Z", "2019-01-03 00:00Z", "2019-01-04 00:00Z");
        var list = new ListMutations(Database.Cell) { ScanMax = 2 };
        var filter = new MutationFilter { Actor = rare, Before = new(2019, 1, 5, 0, 0, 0, DateTimeKind.Utc) };

        var first = await list.ExecuteAsync(filter, 1, null, default);
        var second = await list.ExecuteAsync(filter, 1, first!.NextPageToken, default);

        Assert.That((first.Mutations.Count, second!.Mutations.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_token_of_another_list_is_refused()
    {
        await Write("2018-01-01 00:00Z", "2018-01-01 00:00Z");
        var token = (await List(new() { PageSize = 1 })).NextPageToken;

        var other = await Assert.ThrowsAsync<RpcException>(async () =>
            await List(
                new()
                {
                    PageSize = 1,
                    PageToken = token,
                    Actor = "x",
                }
            )
        );
        var refusals = await Assert.ThrowsAsync<RpcException>(async () =>
            await AccessCalls.ListRefusalsAsync(new() { PageToken = token }, Admin)
        );

        Assert.That(
            (other!.StatusCode, refusals!.StatusCode),
            Is.EqualTo((StatusCode.InvalidArgument, StatusCode.InvalidArgument))
        );
    }

    [Test]
    public async Task A_refusal_is_told_with_who_what_why_and_from_where()
    {
        var (trace, name) = ($"{Guid.NewGuid():n}", $"mallory-{Guid.NewGuid():n}");
        var token = Issuer.Token("reports.read", c => c["sub"] = name);
        await Get("/v1/inventory", ("authorization", $"Bearer {token}"), ("x-correlation-id", trace));

        V1.AccessRefusal? told = null;
        await Eventually.TrueAsync(async () =>
        {
            var page = await AccessCalls.ListRefusalsAsync(new() { CorrelationId = trace }, Admin);
            told = page.Refusals.SingleOrDefault();
            return told is not null;
        });
        var others = await AccessCalls.ListRefusalsAsync(
            new() { Caller = $"sub:{name}", Reason = "CREDENTIALS_INVALID" },
            Admin
        );

        var expected = new V1.AccessRefusal
        {
            Time = told!.Time,
            Caller = $"sub:{name}",
            Reason = "SCOPE_MISSING",
            Scope = "stock.read",
            Target = "/inventory.v1.StockService/ListInventory",
            Address = "127.0.0.1",
            CorrelationId = trace,
        };
        Assert.That(told, Is.EqualTo(expected));
        Assert.That(others.Refusals, Is.Empty);
    }

    [Test]
    public async Task Who_is_refused_without_end_fills_no_table()
    {
        await using var server = await HostedServer.StartAsync(
            Database.ConnectionString,
            [.. Issuer.Settings, (Setting.StrangerRate, "5")]
        );
        var name = $"sub:flood-{Guid.NewGuid():n}";
        var headers = Bearing(Issuer.Token("reports.read", c => c["sub"] = name["sub:".Length..]));
        var stock = new StockService.StockServiceClient(server.Channel);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 300; i++)
        {
            await Refuse();
        }

        // What was lost is told with the next that is written.
        await Eventually.TrueAsync(async () =>
        {
            await Refuse();
            return server.Log.Entries.Any(e => e.Text.Contains("too many at once", StringComparison.Ordinal));
        });
        // They are written in batches, in their own time.
        var page = new ListRefusalsResponse();
        await Eventually.TrueAsync(async () =>
        {
            page = await AccessCalls.ListRefusalsAsync(new() { Caller = name, PageSize = 1_000 }, Admin);
            return page.Refusals.Count >= 5;
        });
        var mayBe = 5 * (Stopwatch.GetElapsedTime(began).TotalSeconds + 3);
        Assert.That(page.Refusals.Count, Is.AtMost((int)mayBe).And.LessThan(300));

        async Task Refuse()
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await stock.ListInventoryAsync(new(), headers)
            );
            Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.PermissionDenied));
        }
    }

    private Task<ListMutationsResponse> List(ListMutationsRequest request) =>
        AccessCalls.ListMutationsAsync(request, Admin).ResponseAsync;

    private Metadata As(string subject, string scope) => Bearing(Issuer.Token(scope, c => c["sub"] = subject));

    /// <summary>Changes at these times, numbered, by an actor of their own.</summary>
    private async Task<string> Write(params string[] times)
    {
        var actor = $"tests-{Guid.NewGuid():n}";
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            INSERT INTO mutation (at, operation, target, actor)
            SELECT t.at, 'Test', t.place - 1, @actor FROM unnest(@times::timestamptz[]) WITH ORDINALITY AS t (at, place) ORDER BY t.place
            """,
            new { actor, times }
        );
        return actor;
    }

    private static Timestamp Day(int day) => Timestamp.FromDateTime(new(2020, 1, day, 0, 0, 0, DateTimeKind.Utc));
}
