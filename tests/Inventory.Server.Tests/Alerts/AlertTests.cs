using System.Text.Json;
using Grpc.Core;
using Inventory.Server.Alerts;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using Alert = Inventory.V1.Alert;
using AlertKind = Inventory.V1.AlertKind;
using EngineKind = Inventory.Engine.Alerts.AlertKind;

namespace Inventory.Server.Tests.Alerts;

/// <summary>Alerts over the wire, raised by the server's own follower.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AlertTests : RestFixture
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private AlertService.AlertServiceClient Alerts => new(Server.Channel);

    [Test]
    public async Task Stock_that_is_sold_out_raises_an_alert_which_ends_when_it_is_back()
    {
        var sku = await Given.Stock(onHand: 2);
        await Alerts.SetThresholdAsync(
            new()
            {
                Kind = AlertKind.LowStock,
                Sku = sku,
                RaiseAt = 1,
            }
        );
        var held = await Hold(sku, 2);
        var raised = await Eventually.AnswersAsync(() => Open(sku, 2));

        var acknowledged = await Alerts.AcknowledgeAlertAsync(new() { AlertId = raised[0].AlertId, Note = "ordered" });
        await Reservations.CancelReservationAsync(new() { ReservationId = held.ReservationId });
        await Eventually.AnswersAsync(() => Open(sku, 1));
        await Stock.AdjustInventoryAsync(
            new()
            {
                Sku = sku,
                Warehouse = Given.MainWarehouse,
                Delta = 10,
                Reason = "found",
            }
        );
        await Eventually.AnswersAsync(() => Open(sku, 0));

        Assert.That(raised.Select(a => a.Kind), Is.EquivalentTo([AlertKind.LowStock, AlertKind.OutOfStock]));
        Assert.That(acknowledged.Alert.State, Is.EqualTo(AlertState.Acknowledged));
        var all = (await Alerts.ListAlertsAsync(new() { Sku = sku })).Alerts;
        Assert.That(all.Select(a => a.State), Is.All.EqualTo(AlertState.Resolved));
        Assert.That(all.Select(a => a.ResolvedBy), Is.All.Empty);
    }

    [Test]
    public async Task A_watch_tells_an_alert_as_it_changes_over_REST_too()
    {
        var sku = await Given.Stock(onHand: 1);
        using var giveUp = new CancellationTokenSource(WaitMax);
        using var watch = Alerts.WatchAlerts(
            new() { Kinds = { AlertKind.OutOfStock } },
            cancellationToken: giveUp.Token
        );
        await watch.ResponseStream.MoveNext(giveUp.Token);

        await Hold(sku);
        var told = await NextOf(watch, sku, giveUp.Token);
        var resolved = await Post($"/v1/alerts/{told.AlertId}:resolve", """{"note": "no matter"}""");
        var over = await NextOf(watch, sku, giveUp.Token);

        Assert.That(told.State, Is.EqualTo(AlertState.Open));
        Assert.That(resolved.Status, Is.EqualTo(200));
        Assert.That((over.State, over.Note), Is.EqualTo((AlertState.Resolved, "no matter")));
        var listed = JsonDocument.Parse((await Get($"/v1/alerts?sku={sku}")).Text).RootElement.GetProperty("alerts");
        // By its id: nothing is on hand still, and the next sweep says so anew.
        var same = listed.EnumerateArray().Single(alert => alert.GetProperty("alertId").GetString() == told.AlertId);
        Assert.That(same.GetProperty("state").GetString(), Is.EqualTo("ALERT_STATE_RESOLVED"));
    }

    [Test]
    public async Task All_that_is_wrong_with_a_threshold_is_said_at_once()
    {
        var wrong = await Refused(
            Alerts.SetThresholdAsync(
                new()
                {
                    Kind = AlertKind.StaleFollower,
                    Sku = new string('s', 65),
                    RaiseAt = -1,
                    ResolveAt = -1,
                }
            )
        );
        var alone = await Refused(Alerts.SetThresholdAsync(new() { Kind = AlertKind.LowStock, ResolveAt = 1 }));
        var unknown = await Refused(Alerts.SetThresholdAsync(new() { Kind = AlertKind.LowStock, Sku = "nothing" }));
        var alert = await Refused(Alerts.AcknowledgeAlertAsync(new() { AlertId = "alert_999999999" }));

        Assert.That(wrong.Fields.Select(f => f.Field), Is.EqualTo(["kind", "sku", "raise_at", "resolve_at"]));
        Assert.That(alone.Fields.Select(f => f.Field), Is.EqualTo(["resolve_at"]));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "SKU_UNKNOWN")));
        Assert.That((alert.Code, alert.Reason), Is.EqualTo((StatusCode.NotFound, "ALERT_UNKNOWN")));
    }

    [Test]
    public async Task A_server_that_refuses_too_much_says_so_until_it_is_well_below()
    {
        var tally = new ReserveTally();
        var judge = new OperationAlerts(
            Server.Part<Engine.Alerts.RaiseAlerts>(),
            Server.Part<Engine.Journal.Followers.ListFollowers>(),
            tally,
            Server.Part<AlertOptions>() with
            {
                RefusedPercent = 50,
            }
        );

        Note(refused: 30, granted: 30);
        await judge.JudgeReservationsAsync(CancellationToken.None);
        var raised = await OpenFailures();
        Note(refused: 0, granted: 10);
        await judge.JudgeReservationsAsync(CancellationToken.None);
        var between = await OpenFailures();
        Note(refused: 0, granted: 30);
        await judge.JudgeReservationsAsync(CancellationToken.None);

        Assert.That((raised, between, await OpenFailures()), Is.EqualTo((1, 1, 0)));

        void Note(int refused, int granted)
        {
            for (var i = 0; i < refused + granted; i++)
            {
                tally.Note(
                    i < refused
                        ? Engine.Reservations.ReserveOutcome.StockShort
                        : Engine.Reservations.ReserveOutcome.Held
                );
            }
        }

        async Task<int> OpenFailures() =>
            (await Alerts.ListAlertsAsync(new() { Kinds = { AlertKind.HighReservationFailure }, OpenOnly = true }))
                .Alerts
                .Count;
    }

    [Test]
    public void Kinds_are_numbered_alike_on_the_wire_and_in_the_engine() =>
        Assert.That(
            System.Enum.GetValues<AlertKind>().Where(k => k != 0).Select(k => ((int)k, $"{k}")),
            Is.EqualTo(System.Enum.GetValues<EngineKind>().Select(k => ((int)k, $"{k}")))
        );

    private async Task<IReadOnlyList<Alert>> Open(string sku, int count)
    {
        var open = (await Alerts.ListAlertsAsync(new() { Sku = sku, OpenOnly = true })).Alerts;
        return open.Count == count ? open : throw new TimeoutException($"{open.Count} are open.");
    }

    private static async Task<Alert> NextOf(
        AsyncServerStreamingCall<WatchAlertsResponse> watch,
        string sku,
        CancellationToken giveUp
    )
    {
        while (await watch.ResponseStream.MoveNext(giveUp))
        {
            if (watch.ResponseStream.Current.Alerts.FirstOrDefault(a => a.Sku == sku) is { } alert)
            {
                return alert;
            }
        }

        throw new InvalidOperationException("The watch ended.");
    }
}
