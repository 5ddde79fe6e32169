using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Inventory.Server.Hosting.Deadlines;
using Inventory.Server.Services;
using Inventory.Server.Validation;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;
using EngineReservation = Inventory.Engine.Reservations.Reservation;
using ReserveLine = Inventory.V1.ReserveLine;

namespace Inventory.Budgets;

/// <summary>
/// What a reservation may allocate, in bytes: at full load each of them is the collector's work tens of thousands of
/// times a second. A budget stands a little above what was counted; it is lowered when the count falls. In a process of
/// their own: a runtime counts what all its threads allocate, and servers of other tests would be among them.
/// </summary>
[TestFixture]
[NonParallelizable]
public sealed class AllocationBudgetTests : EngineFixture
{
    private const int CallsCounted = 5_000;
    private const int Batch = 400;
    private const int BatchesCounted = 2;
    private const int Repeats = 50;

    [TestCase(1, 860)]
    [TestCase(3, 1_150)]
    public void A_request_is_parsed_validated_and_mapped_within_its_budget(int lines, long budget)
    {
        var bytes = Request(lines).ToByteArray();

        var allocated = BytesPerCall(() =>
        {
            var request = ReserveInventoryRequest.Parser.ParseFrom(bytes);
            ReservationRules.Check(request);
            ReservationMessages.ToEngine(request, Some.Caller);
        });

        Assert.That(allocated, Is.LessThanOrEqualTo(budget));
    }

    [TestCase(1, 860)]
    [TestCase(3, 1_490)]
    public void An_answer_is_mapped_and_written_within_its_budget(int lines, long budget)
    {
        var reservation = Held(Request(lines));
        var bytes = new byte[64 * 1024];

        var allocated = BytesPerCall(() =>
        {
            var answer = new ReserveInventoryResponse { Reservation = ReservationMessages.ToWire(reservation) };
            answer.WriteTo(bytes.AsSpan(0, answer.CalculateSize()));
        });

        Assert.That(allocated, Is.LessThanOrEqualTo(budget));
    }

    [Test]
    public void The_time_of_a_call_allocates_nothing()
    {
        using var caller = new CancellationTokenSource();
        using var time = new CallTime();

        var allocated = BytesPerCall(() =>
        {
            time.Begin(long.MaxValue, caller.Token);
            time.End();
        });

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public async Task A_reservation_in_a_full_batch_passes_through_the_engine_within_its_budget()
    {
        const long budget = 2_300;
        var sku = await Given.Stock(onHand: 1_000_000);
        await ReserveBatches(sku);

        // The least of many short looks: what else lives in the process allocates too, but not all the time.
        var least = long.MaxValue;
        for (var i = 0; i < Repeats; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await ReserveBatches(sku);
            var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (BatchesCounted * Batch);
            least = Math.Min(least, allocated);
        }

        Assert.That(least, Is.LessThanOrEqualTo(budget));
    }

    private async Task ReserveBatches(string sku)
    {
        for (var i = 0; i < BatchesCounted; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, Batch).Select(_ => Reserve(Some.Reserve(sku))));
        }
    }

    /// <summary>The first half of the calls is not counted: it fills caches and compiles.</summary>
    private static long BytesPerCall(Action call)
    {
        long before = 0;
        for (var i = -CallsCounted; i < CallsCounted; i++)
        {
            if (i == 0)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / CallsCounted;
    }

    private static ReserveInventoryRequest Request(int lines)
    {
        var request = new ReserveInventoryRequest
        {
            RequestId = "order-000000012345",
            HoldFor = Duration.FromTimeSpan(TimeSpan.FromMinutes(15)),
        };
        for (var line = 1; line <= lines; line++)
        {
            request.Lines.Add(
                new ReserveLine
                {
                    Sku = $"SKU-{line:d12}",
                    Quantity = 1,
                    Warehouse = "W1",
                }
            );
        }

        return request;
    }

    private static EngineReservation Held(ReserveInventoryRequest request)
    {
        var created = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        return new EngineReservation
        {
            ReservationId = Guid.NewGuid(),
            Caller = Some.Caller.Name,
            RequestId = request.RequestId,
            State = Engine.Reservations.ReservationState.Held,
            CreatedAt = created,
            ExpiresAt = created.AddMinutes(15),
            Version = 1,
            Allocations =
            [
                .. request.Lines.Select(line => new Engine.Reservations.Allocation(line.Sku, line.Warehouse, 1)),
            ],
        };
    }
}
