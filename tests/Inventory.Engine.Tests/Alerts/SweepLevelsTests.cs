using Inventory.Engine.Alerts;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Alerts;

/// <summary>One after the other, on a database of their own: a sweep judges the stock of every test.</summary>
public sealed class SweepLevelsTests : AlertFixture
{
    [Test]
    public async Task The_sweep_finds_what_nobody_touches()
    {
        var sku = await Given.Stock(onHand: 0);

        await SweepAsync();

        Assert.That((await Of(sku)).Select(a => a.Kind), Is.EqualTo([AlertKind.OutOfStock]));
    }

    [Test]
    public async Task What_a_person_resolves_while_it_is_still_so_is_raised_anew_by_the_next_look()
    {
        var sku = await Given.Stock(onHand: 0);
        await SweepAsync();
        await StepAsync(AlertStepKind.Resolve, (await Of(sku)).Single());

        await SweepAsync();
        await SweepAsync();

        var alerts = await Of(sku);
        Assert.That(
            alerts.Select(a => (a.Kind, a.ResolvedBy, a.ResolvedAt is null)),
            Is.EqualTo([(AlertKind.OutOfStock, Some.Caller.Name, false), (AlertKind.OutOfStock, (string?)null, true)])
        );
        Assert.That(alerts[1].AlertId, Is.GreaterThan(alerts[0].AlertId));
    }

    [Test]
    public async Task What_a_person_acknowledged_stays_one_alert_however_often_it_is_looked_at()
    {
        var sku = await Given.Stock(onHand: 0);
        await SweepAsync();
        await StepAsync(AlertStepKind.Acknowledge, (await Of(sku)).Single());

        await SweepAsync();

        var alert = (await Of(sku)).Single();
        Assert.That((alert.AcknowledgedBy, alert.ResolvedAt), Is.EqualTo((Some.Caller.Name, (DateTime?)null)));
    }

    private async Task StepAsync(AlertStepKind kind, Alert alert)
    {
        var step = new AlertStep(Some.Caller, Some.RequestId(), alert.AlertId, kind, "seen");
        await Advance.ExecuteAsync(step, CancellationToken.None);
    }

    /// <summary>A whole round.</summary>
    private Task SweepAsync()
    {
        var sweep = new SweepLevels(Database.Cell) { PartSize = 1 };
        return Eventually.TrueAsync(() => sweep.ExecuteAsync(CancellationToken.None));
    }
}
