using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Watching;

[Parallelizable(ParallelScope.Self)]
public sealed class WatchTests : ServerFixture
{
    private AvailabilityService.AvailabilityServiceClient Availability => new(Server.Channel);

    [Test]
    public async Task Availability_is_told_as_it_is_and_as_it_changes_and_again_from_a_token()
    {
        var sku = await Given.Stock(onHand: 5);
        using var call = Availability.WatchAvailability(new() { Skus = { sku } });

        var first = await NextAsync(call.ResponseStream);
        await Hold(sku, 2);
        var second = await NextAsync(call.ResponseStream, r => r.Availabilities[0].Totals.Available == 3);
        await Hold(sku);
        using var again = Availability.WatchAvailability(new() { Skus = { sku }, ResumeToken = second.ResumeToken });
        var third = await NextAsync(again.ResponseStream);

        Assert.That(
            new[] { first, second, third }.Select(r => r.Availabilities.Single().Totals.Available),
            Is.EqualTo([5, 3, 2])
        );
        Assert.That(first.Availabilities[0].Source, Is.EqualTo(AvailabilitySource.Database));
        Assert.That(first.Availabilities[0].Warehouses.Single().Warehouse, Is.EqualTo(Given.MainWarehouse));
    }

    [Test]
    public async Task Reservations_are_told_as_they_stand_and_as_they_change_and_again_from_a_token()
    {
        var held = await Hold(await Given.Stock(onHand: 5));
        using var call = Reservations.WatchReservations(new() { ReservationIds = { held.ReservationId } });
        var first = await NextAsync(call.ResponseStream);
        while (first.ResumeToken.Length == 0)
        {
            first.MergeFrom(await NextAsync(call.ResponseStream));
        }

        await Reservations.ConfirmReservationAsync(new() { ReservationId = held.ReservationId });
        var second = await NextAsync(call.ResponseStream);
        using var again = Reservations.WatchReservations(
            new() { ReservationIds = { held.ReservationId }, ResumeToken = first.ResumeToken }
        );
        var third = await NextAsync(again.ResponseStream);

        Assert.That(first.Changes.Single().State, Is.EqualTo(ReservationState.Held));
        Assert.That(first.Changes.Single().ChangeTime, Is.Null);
        Assert.That(second.Changes.Single().State, Is.EqualTo(ReservationState.Confirmed));
        Assert.That(second.Changes.Single().ChangeTime, Is.Not.Null);
        Assert.That(third.Changes, Is.EqualTo(second.Changes));
    }

    [Test]
    public async Task Unknown_names_are_NOT_FOUND_each_by_its_name()
    {
        var (one, other) = (Some.Sku(), Some.Sku());
        var skus = await Refused(Availability.WatchAvailability(new() { Skus = { one, other } }).ResponseStream);
        var warehouse = await Refused(
            Availability.WatchAvailability(new() { Warehouses = { "nowhere" } }).ResponseStream
        );
        var id = $"{Guid.NewGuid()}";
        var reservation = await Refused(
            Reservations.WatchReservations(new() { ReservationIds = { id } }).ResponseStream
        );

        Assert.That(new[] { skus.Code, warehouse.Code, reservation.Code }, Is.All.EqualTo(StatusCode.NotFound));
        Assert.That(skus.Resources.Select(r => r.ResourceName), Is.EquivalentTo([one, other]));
        Assert.That(warehouse.Resources.Select(r => r.ResourceName), Is.EqualTo(["nowhere"]));
        Assert.That(reservation.Resources.Select(r => r.ResourceName), Is.EqualTo([id]));
    }

    [Test]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var nothing = await Refused(Availability.WatchAvailability(new()).ResponseStream);
        var many = await Refused(
            Availability
                .WatchAvailability(
                    new()
                    {
                        Skus = { Enumerable.Repeat("sku", 501) },
                        Warehouses = { "" },
                        ResumeToken = "\0",
                    }
                )
                .ResponseStream
        );
        var nobody = await Refused(Reservations.WatchReservations(new()).ResponseStream);
        var bad = await Refused(
            Reservations.WatchReservations(new() { ReservationIds = { "x" }, OrderIds = { "" } }).ResponseStream
        );

        Assert.That(nothing.Fields, Is.EqualTo([("skus", "CONFLICT")]));
        Assert.That(
            many.Fields,
            Is.EqualTo([("skus", "OUT_OF_RANGE"), ("warehouses[0]", "REQUIRED"), ("resume_token", "CHARACTERS")])
        );
        Assert.That(nobody.Fields, Is.EqualTo([("reservation_ids", "CONFLICT")]));
        Assert.That(bad.Fields, Is.EqualTo([("reservation_ids[0]", "FORMAT"), ("order_ids[0]", "REQUIRED")]));
    }

    [TestCase("AQAA")]
    [TestCase("nothing like a token")]
    public async Task A_token_that_nobody_gave_is_refused(string token)
    {
        var sku = await Given.Stock(onHand: 1);

        var refused = await Refused(
            Availability.WatchAvailability(new() { Skus = { sku }, ResumeToken = token }).ResponseStream
        );

        Assert.That(refused.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(refused.Fields, Is.EqualTo([("resume_token", "FORMAT")]));
    }

    [Test]
    public async Task Those_who_leave_leave_nothing_behind()
    {
        await using var quiet = await HostedServer.StartAsync(Database.ConnectionString);
        var watch = quiet.Part<Engine.Availability.WatchAvailability>();
        var client = new AvailabilityService.AvailabilityServiceClient(quiet.Channel);
        var sku = await Given.Stock(onHand: 1);
        var calls = Enumerable.Range(0, 200).Select(_ => client.WatchAvailability(new() { Skus = { sku } })).ToList();
        foreach (var call in calls)
        {
            await NextAsync(call.ResponseStream);
        }

        var most = watch.Count;
        calls.ForEach(c => c.Dispose());
        await Eventually.TrueAsync(() => watch.Count == 0);

        Assert.That(most, Is.EqualTo(200));
        Assert.That(quiet.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task At_a_stop_watchers_are_sent_elsewhere_and_resume_there()
    {
        var sku = await Given.Stock(onHand: 5);
        var stopping = await HostedServer.StartAsync(Database.ConnectionString);
        var client = new AvailabilityService.AvailabilityServiceClient(stopping.Channel);
        using var call = client.WatchAvailability(new() { Skus = { sku } });
        var last = await NextAsync(call.ResponseStream);

        var stop = stopping.StopAsync();
        var ended = await Refused(call.ResponseStream);
        await stop;
        await stopping.DisposeAsync();
        await Hold(sku);
        using var elsewhere = Availability.WatchAvailability(new() { Skus = { sku }, ResumeToken = last.ResumeToken });
        var next = await NextAsync(elsewhere.ResponseStream);

        Assert.That((ended.Code, ended.Reason), Is.EqualTo((StatusCode.Unavailable, "DRAINING")));
        Assert.That(next.Availabilities.Single().Totals.Available, Is.EqualTo(4));
    }

    private static async Task<T> NextAsync<T>(IAsyncStreamReader<T> stream)
    {
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await stream.MoveNext(giveUp.Token)
            ? stream.Current
            : throw new InvalidOperationException("The stream has ended.");
    }

    private static async Task<T> NextAsync<T>(IAsyncStreamReader<T> stream, Func<T, bool> condition)
    {
        var next = await NextAsync(stream);
        while (!condition(next))
        {
            next = await NextAsync(stream);
        }

        return next;
    }

    private static async Task<Refusal> Refused<T>(IAsyncStreamReader<T> stream) =>
        new(
            (
                await Assert.ThrowsAsync<RpcException>(async () =>
                {
                    while (await stream.MoveNext(CancellationToken.None)) { }
                })
            )!
        );
}
