using Inventory.Engine.Alerts;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Alerts;

[Parallelizable(ParallelScope.Self)]
public sealed class AlertLifeTests : AlertFixture
{
    [Test]
    public async Task A_cause_is_raised_once_and_resolved_by_its_subject()
    {
        var cause = new AlertCause(Some.RequestId(), "behind", 400, 300);
        var raised = await Raise.RaiseAsync(AlertKind.StaleFollower, [cause, cause], CancellationToken.None);
        var again = await Raise.RaiseAsync(AlertKind.StaleFollower, [cause], CancellationToken.None);

        var resolved = await Raise.ResolveAsync(AlertKind.StaleFollower, [cause.Subject], CancellationToken.None);
        var anew = await Raise.RaiseAsync(AlertKind.StaleFollower, [cause], CancellationToken.None);

        Assert.That((raised, again, resolved, anew), Is.EqualTo((1, 0, 1, 1)));
    }

    [Test]
    public async Task Who_has_looked_at_everything_resolves_what_is_not_there_any_more()
    {
        var (stays, goes) = (Some.RequestId(), Some.RequestId());
        await Raise.RaiseAsync(
            AlertKind.InvariantBroken,
            [new(stays, "wrong"), new(goes, "wrong")],
            CancellationToken.None
        );

        var resolved = await Raise.ResolveOthersAsync(AlertKind.InvariantBroken, [stays], CancellationToken.None);

        var open = await List.ExecuteAsync(
            new() { Kinds = [AlertKind.InvariantBroken], OpenOnly = true },
            10,
            null,
            CancellationToken.None
        );
        Assert.That(resolved, Is.EqualTo(1));
        Assert.That(open.Alerts.Select(a => a.Subject), Is.EqualTo([stays]));
    }

    [Test]
    public async Task Who_acknowledged_first_stays_and_a_request_is_answered_again()
    {
        var alert = await Open();
        var step = Step(alert, AlertStepKind.Acknowledge, "on it");
        var other = Step(alert, AlertStepKind.Acknowledge, "me too") with { Caller = new("another") };

        var first = await Advance.ExecuteAsync(step, CancellationToken.None);
        var second = await Advance.ExecuteAsync(other, CancellationToken.None);
        var replay = await Advance.ExecuteAsync(step, CancellationToken.None);
        var reused = await Advance.ExecuteAsync(step with { Note = "other" }, CancellationToken.None);

        Assert.That(first.Outcome, Is.EqualTo(AlertStepOutcome.Done));
        Assert.That((first.Alert!.AcknowledgedBy, first.Alert.Note), Is.EqualTo((Some.Caller.Name, "on it")));
        Assert.That(second.Alert!.AcknowledgedBy, Is.EqualTo(Some.Caller.Name));
        Assert.That(replay.Outcome, Is.EqualTo(AlertStepOutcome.Replayed));
        Assert.That(replay.Alert!.Revision, Is.EqualTo(2));
        Assert.That(reused.Outcome, Is.EqualTo(AlertStepOutcome.RequestIdReused));
    }

    [Test]
    public async Task What_is_over_cannot_be_acknowledged_and_is_raised_again_if_it_is_still_so()
    {
        var alert = await Open();

        var resolved = await Advance.ExecuteAsync(Step(alert, AlertStepKind.Resolve), CancellationToken.None);
        var late = await Advance.ExecuteAsync(Step(alert, AlertStepKind.Acknowledge), CancellationToken.None);
        var unknown = await Advance.ExecuteAsync(
            Step(alert, AlertStepKind.Resolve) with
            {
                AlertId = long.MaxValue,
            },
            CancellationToken.None
        );
        await Judge(alert.Sku);

        Assert.That(resolved.Alert!.ResolvedBy, Is.EqualTo(Some.Caller.Name));
        Assert.That(late.Outcome, Is.EqualTo(AlertStepOutcome.AlertResolved));
        Assert.That(unknown.Outcome, Is.EqualTo(AlertStepOutcome.AlertUnknown));
        Assert.That(await Of(alert.Sku), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_threshold_is_set_once_a_request_and_judged_at_once()
    {
        var sku = await Given.Stock(onHand: 7);
        var id = Some.RequestId();

        var set = await Threshold(AlertKind.LowStock, sku, null, 7, requestId: id);
        var replay = await Threshold(AlertKind.LowStock, sku, null, 7, requestId: id);
        var reused = await Threshold(AlertKind.LowStock, sku, null, 8, requestId: id);
        var open = await Of(sku, openOnly: true);
        var removed = await Threshold(AlertKind.LowStock, sku, null, null);

        Assert.That(
            (set, replay, reused, removed),
            Is.EqualTo(
                (
                    SetThresholdOutcome.Set,
                    SetThresholdOutcome.Replayed,
                    SetThresholdOutcome.RequestIdReused,
                    SetThresholdOutcome.Set
                )
            )
        );
        Assert.That(open.Select(a => a.Kind), Is.EqualTo([AlertKind.LowStock]));
        Assert.That(await Of(sku, openOnly: true), Is.Empty, "without a threshold nothing is low");
    }

    [Test]
    public async Task Thresholds_of_what_is_not_known_are_refused()
    {
        var sku = await Given.Stock(onHand: 7);

        var noItem = await Threshold(AlertKind.LowStock, "nothing", null, 7);
        var noWarehouse = await Threshold(AlertKind.LowStock, sku, "nowhere", 7);

        Assert.That(
            (noItem, noWarehouse),
            Is.EqualTo((SetThresholdOutcome.SkuUnknown, SetThresholdOutcome.WarehouseUnknown))
        );
    }

    [Test]
    public async Task Pages_of_thresholds_and_alerts_follow_each_other()
    {
        var sku = await Given.Stock(onHand: 0);
        await Threshold(AlertKind.LowStock, sku, null, 5);
        await Threshold(AlertKind.OutOfStock, sku, null, 1);
        var thresholds = new ListThresholds(Database.Cell);

        var first = await thresholds.ExecuteAsync(sku, null, 1, null, CancellationToken.None);
        var second = await thresholds.ExecuteAsync(sku, null, 1, first!.NextPageToken, CancellationToken.None);
        var newest = await List.ExecuteAsync(new() { Sku = sku }, 1, null, CancellationToken.None);
        var oldest = await List.ExecuteAsync(new() { Sku = sku }, 1, newest.NextPageToken, CancellationToken.None);
        var other = await List.ExecuteAsync(new(), 1, newest.NextPageToken, CancellationToken.None);

        Assert.That(
            first.Thresholds.Concat(second!.Thresholds).Select(t => (t.Kind, t.RaiseAt, t.ResolveAt)),
            Is.EqualTo([(AlertKind.LowStock, 5L, 7L), (AlertKind.OutOfStock, 1L, 3L)])
        );
        Assert.That(second.NextPageToken, Is.Null);
        Assert.That(
            newest.Alerts.Concat(oldest.Alerts).Select(a => a.Kind),
            Is.EquivalentTo([AlertKind.LowStock, AlertKind.OutOfStock])
        );
        Assert.That(other.Outcome, Is.EqualTo(ListAlertsOutcome.PageTokenInvalid));
    }

    private async Task<Alert> Open()
    {
        var sku = await Given.Stock(onHand: 0);
        await Judge(sku);
        return (await Of(sku)).Single();
    }

    private static AlertStep Step(Alert alert, AlertStepKind kind, string note = "") =>
        new(Some.Caller, Some.RequestId(), alert.AlertId, kind, note);
}
