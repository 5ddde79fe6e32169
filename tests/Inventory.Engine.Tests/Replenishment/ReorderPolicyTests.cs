using Inventory.Engine.Replenishment;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Replenishment;

[Parallelizable(ParallelScope.Self)]
public sealed class ReorderPolicyTests : ReorderFixture
{
    [Test]
    public async Task A_policy_is_made_edited_read_and_deleted_each_once_a_request()
    {
        var sku = await Given.Stock(onHand: 90);
        var first = NewPolicy(sku);
        var second = first with { RequestId = Some.RequestId(), Amounts = new(8, null, 40), ExpectedVersion = 1 };

        var made = await Set(first);
        var edited = await Set(second);
        var replayed = await Set(first);
        var read = await Node.Policy.ExecuteAsync(sku, Given.MainWarehouse, default);
        var requestId = Some.RequestId();
        var deleted = await Delete(sku, requestId);
        var again = await Delete(sku, requestId);
        var gone = await Node.Policy.ExecuteAsync(sku, Given.MainWarehouse, default);

        Assert.That((made.Policy!.Version, made.Policy.Amounts), Is.EqualTo((1, new ReorderAmounts(5, 10, null))));
        Assert.That((edited.Policy!.Version, edited.Policy.Amounts), Is.EqualTo((2, new ReorderAmounts(8, null, 40))));
        Assert.That((replayed.Outcome, replayed.Policy), Is.EqualTo((PolicyOutcome.Replayed, made.Policy)));
        Assert.That((read.Policy, read.Position!.Total), Is.EqualTo((edited.Policy, 90L)));
        Assert.That(
            (deleted.Outcome, again.Outcome, gone.Outcome),
            Is.EqualTo((PolicyOutcome.Done, PolicyOutcome.Replayed, PolicyOutcome.PolicyUnknown))
        );
        Assert.That((await Delete(sku)).Outcome, Is.EqualTo(PolicyOutcome.PolicyUnknown));
    }

    [Test]
    public async Task A_stale_edit_is_refused_with_the_version_there_is()
    {
        var sku = await Given.Stock(onHand: 90);
        await Policy(sku);

        var stale = await Set(NewPolicy(sku) with { ExpectedVersion = 0 });
        var early = await Set(NewPolicy(await Given.Item()) with { ExpectedVersion = 3 });

        Assert.That((stale.Outcome, stale.Version), Is.EqualTo((PolicyOutcome.VersionConflict, 1)));
        Assert.That((early.Outcome, early.Version), Is.EqualTo((PolicyOutcome.VersionConflict, 0)));
    }

    [Test]
    public async Task Thirty_who_make_one_policy_at_once_make_one_and_edit_it()
    {
        var sku = await Given.Stock(onHand: 90);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Set(NewPolicy(sku))));

        Assert.That(answers.Select(a => a.Policy!.Version).Order(), Is.EqualTo(Enumerable.Range(1, 30)));
    }

    [Test]
    public async Task Without_numbers_the_items_own_hold_as_they_are_at_the_time()
    {
        var sku = await Given.Stock(onHand: 7);
        var none = await Set(NewPolicy(sku) with { Amounts = null });
        await Own(sku, point: 6, quantity: 12);
        await Set(NewPolicy(sku) with { Amounts = null });
        var before = await Reorders(sku);

        await Own(sku, point: 7, quantity: 13);
        await Evaluate(sku);

        Assert.That(none.Outcome, Is.EqualTo(PolicyOutcome.AmountsMissing));
        Assert.That(before, Is.Empty);
        Assert.That(((await Reorder(sku)).ReorderPoint, (await Reorder(sku)).Quantity), Is.EqualTo((7, 13)));
    }

    [Test]
    public async Task What_is_not_known_and_a_kit_have_no_policy()
    {
        var kit = await Given.Kit((await Given.Item(), 2));

        Assert.That((await Set(NewPolicy(Some.Sku()))).Outcome, Is.EqualTo(PolicyOutcome.SkuUnknown));
        Assert.That(
            (await Set(NewPolicy(await Given.Item(), Some.WarehouseCode()))).Outcome,
            Is.EqualTo(PolicyOutcome.WarehouseUnknown)
        );
        await Given.Warehouse(Given.MainWarehouse);
        Assert.That((await Set(NewPolicy(kit))).Outcome, Is.EqualTo(PolicyOutcome.ItemIsKit));
    }

    [Test]
    public async Task A_policy_goes_with_its_item()
    {
        var sku = await Given.Stock(onHand: 0);
        await Policy(sku);

        var deleted = await Node.DeleteItem.ExecuteAsync(new(Some.Caller, Some.RequestId(), sku, null), default);

        Assert.That($"{deleted.Outcome}", Is.EqualTo("Deleted"));
        Assert.That(await Node.Evaluate.SweepAsync(default), Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public async Task Lists_go_on_behind_the_last_of_a_page()
    {
        var (here, there) = (await Given.Warehouse(), await Given.Warehouse());
        var skus = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            skus.Add(await Given.Item());
            await Policy(skus[^1], here);
            await Policy(skus[^1], there);
        }

        var policies = await Walk((token) => Policies(null, here, token));
        var ofItem = (await Node.Policies.ExecuteAsync(skus[2], null, 10, null, default)).Policies;
        var reorders = await Walk((token) => Suggested(here, token));
        var wrong = await Node.Policies.ExecuteAsync(null, there, 2, (await Policies(null, here, null)).Next, default);

        Assert.That(policies.Select(p => p.Sku), Is.EqualTo(skus));
        Assert.That(ofItem.Select(p => p.Warehouse), Is.EqualTo([here, there]));
        Assert.That(reorders.Select(r => r.Sku), Is.EqualTo(Enumerable.Reverse(skus)));
        Assert.That(wrong.Outcome, Is.EqualTo(ListReordersOutcome.PageTokenInvalid));
    }

    private async Task<(IReadOnlyList<ReorderPolicy> Page, string? Next)> Policies(
        string? sku,
        string warehouse,
        string? token
    )
    {
        var answer = await Node.Policies.ExecuteAsync(sku, warehouse, 2, token, default);
        return (answer.Policies, answer.NextPageToken);
    }

    private async Task<(IReadOnlyList<Reorder> Page, string? Next)> Suggested(string warehouse, string? token)
    {
        var filter = new ReorderFilter { Warehouse = warehouse, State = ReorderState.Suggested };
        var answer = await Node.Reorders.ExecuteAsync(filter, 2, token, default);
        return (answer.Reorders, answer.NextPageToken);
    }

    private static async Task<List<T>> Walk<T>(Func<string?, Task<(IReadOnlyList<T> Page, string? Next)>> read)
    {
        var all = new List<T>();
        string? token = null;
        do
        {
            var (page, next) = await read(token);
            all.AddRange(page);
            token = next;
        } while (token is not null);

        return all;
    }

    private async Task Own(string sku, long point, long quantity)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "UPDATE item SET reorder_point = $2, reorder_quantity = $3 WHERE sku = $1",
            connection
        )
        {
            Parameters =
            {
                new() { Value = sku },
                new() { Value = point },
                new() { Value = quantity },
            },
        };
        await command.ExecuteNonQueryAsync();
    }

    private Task<PolicyAnswer> Delete(string sku, string? requestId = null) =>
        Node.DeletePolicy.ExecuteAsync(
            Some.Caller,
            requestId ?? Some.RequestId(),
            sku,
            Given.MainWarehouse,
            null,
            default
        );
}
