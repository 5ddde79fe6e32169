using System.Runtime.CompilerServices;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Services;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using Status = Grpc.Core.Status;

namespace Inventory.Server.Tests.Wire;

[Parallelizable(ParallelScope.Self)]
public sealed class StreamTests : ServerFixture
{
    private const int Many = 6_000;

    [Test]
    public async Task Thousands_of_requests_are_answered_in_their_order()
    {
        var sku = await Given.Stock(onHand: Many);
        var orders = Enumerable.Range(0, Many).Select(_ => Order(sku)).ToArray();

        var answers = await SendAsync(orders);

        Assert.That(answers.Select(a => a.RequestId), Is.EqualTo(orders.Select(o => o.RequestId)));
        Assert.That(
            answers.Select(a => a.OutcomeCase),
            Is.All.EqualTo(ReserveInventoryStreamResponse.OutcomeOneofCase.Reserved)
        );
        Assert.That(answers.Select(a => a.Reserved.Reservation.RequestId), Is.EqualTo(orders.Select(o => o.RequestId)));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(Many));
    }

    [Test]
    public async Task A_refused_request_has_the_details_of_a_refused_call_and_ends_nothing()
    {
        var sku = await Given.Stock(onHand: 1);
        var (first, tooMuch, invalid, replay) = (Order(sku), Order(sku, 2), Order(sku, quantity: 0), Order(sku));
        replay.RequestId = first.RequestId;

        var answers = await SendAsync([first, tooMuch, invalid, replay]);

        // The two that share an id are judged side by side: either may be the one that the other replays.
        var twins = new[] { answers[0].Reserved, answers[3].Reserved };
        Assert.That(twins.Select(a => a.Replayed), Is.EquivalentTo([true, false]));
        Assert.That(twins.Select(a => a.Reservation.ReservationId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(answers[1].Error.Code, Is.EqualTo((int)Code.FailedPrecondition));
        Assert.That(answers[1].Error.Details[0].Unpack<ErrorInfo>().Reason, Is.EqualTo("INSUFFICIENT_STOCK"));
        Assert.That(answers[2].Error.Code, Is.EqualTo((int)Code.InvalidArgument));
        Assert.That(answers[2].Error.Details[1].Unpack<BadRequest>().FieldViolations, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_request_that_holds_nothing_is_refused_like_an_empty_one()
    {
        using var call = Reservations.ReserveInventoryStream();
        await call.RequestStream.WriteAsync(new());
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext();

        Assert.That(call.ResponseStream.Current.Error.Code, Is.EqualTo((int)Code.InvalidArgument));
    }

    [Test]
    public async Task An_answer_is_not_held_back_for_the_next_request()
    {
        var sku = await Given.Stock(onHand: 2);
        using var call = Reservations.ReserveInventoryStream();

        foreach (var order in new[] { Order(sku), Order(sku) })
        {
            await call.RequestStream.WriteAsync(new() { Reserve = order });
            Assert.That(await call.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromSeconds(10)), Is.True);
            Assert.That(call.ResponseStream.Current.RequestId, Is.EqualTo(order.RequestId));
        }

        await call.RequestStream.CompleteAsync();
    }

    [Test]
    public async Task A_caller_that_leaves_ends_its_stream_and_no_other()
    {
        var sku = await Given.Stock(onHand: 2);
        using (var left = Reservations.ReserveInventoryStream())
        {
            await left.RequestStream.WriteAsync(new() { Reserve = Order(sku) });
            await left.ResponseStream.MoveNext();
        }

        var answers = await SendAsync([Order(sku)]);

        Assert.That(answers.Single().Reserved.Reservation.State, Is.EqualTo(ReservationState.Held));
        Assert.That(Server.Log.Alarms, Is.Empty);
    }

    [Test]
    public async Task No_more_is_read_than_may_wait_and_each_answer_makes_room_for_one()
    {
        const int inFlightMax = 3;
        var answers = Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource<int>()).ToArray();
        var begun = 0;
        var written = new Written();

        var call = OrderedAnswers.WriteAsync(
            Numbers(answers.Length, CancellationToken.None),
            number =>
            {
                Interlocked.Increment(ref begun);
                return answers[number].Task;
            },
            written,
            inFlightMax,
            CancellationToken.None
        );

        // One more than the limit: the first is out of the queue, in the hands of the writer.
        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == inFlightMax + 1);
        answers[1].SetResult(1);
        Assert.That((Volatile.Read(ref begun), written.Values.Count), Is.EqualTo((inFlightMax + 1, 0)));
        answers[0].SetResult(0);
        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == inFlightMax + 3);
        foreach (var number in Enumerable.Range(2, 8))
        {
            answers[number].SetResult(number);
        }

        await call;
        Assert.That(written.Values, Is.EqualTo(Enumerable.Range(0, 10)));
    }

    private async Task<List<ReserveInventoryStreamResponse>> SendAsync(IReadOnlyList<ReserveInventoryRequest> orders)
    {
        using var call = Reservations.ReserveInventoryStream();
        var sending = Task.Run(async () =>
        {
            foreach (var order in orders)
            {
                await call.RequestStream.WriteAsync(new() { Reserve = order });
            }

            await call.RequestStream.CompleteAsync();
        });
        var answers = new List<ReserveInventoryStreamResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        await sending;
        Assert.That(call.GetStatus(), Is.EqualTo(Status.DefaultSuccess));
        return answers;
    }

    private static async IAsyncEnumerable<int> Numbers(
        int count,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        for (var number = 0; number < count; number++)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return number;
        }
    }

    private sealed class Written : IServerStreamWriter<int>
    {
        public List<int> Values { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(int message)
        {
            Values.Add(message);
            return Task.CompletedTask;
        }
    }
}
