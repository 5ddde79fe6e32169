using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Inventory.Testing;
using Inventory.V1;

namespace Inventory.Faults.Followers;

/// <summary>
/// Customers, and goods that come in. Each request is asked again, with its id, until it is answered. Some SKUs are
/// sold out and filled up in turns; of the others comes what was reordered.
/// </summary>
internal sealed class Trade(
    GrpcChannel channel,
    IReadOnlyList<string> filled,
    IReadOnlyList<string> reordered,
    int seed
)
{
    private const int CustomersCount = 4;

    /// <summary>So many requests sell, so many fill up.</summary>
    private const int Season = 120;

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(60);
    private readonly ReservationService.ReservationServiceClient reservations = new(channel);
    private readonly StockService.StockServiceClient stock = new(channel);
    private readonly ReplenishmentService.ReplenishmentServiceClient replenishment = new(channel);
    private readonly ConcurrentQueue<string> held = new();
    private Task[] customers = [];
    private int served;
    private volatile bool closed;

    public void Open() =>
        customers = [
            .. Enumerable
                .Range(0, CustomersCount)
                .Select(n => Task.Run(() => ComeAsync(new Random(HashCode.Combine(seed, n))))),
        ];

    /// <summary>Returns when so many more have had their answer, whatever it was.</summary>
    public Task ServesAsync(int count)
    {
        var goal = Volatile.Read(ref served) + count;
        return Eventually.TrueAsync(() =>
            Volatile.Read(ref served) >= goal || Array.Exists(customers, c => c.IsFaulted)
        );
    }

    /// <summary>Nobody new comes; who is there is served.</summary>
    public async Task CloseAsync()
    {
        closed = true;
        await Task.WhenAll(customers);
    }

    private async Task ComeAsync(Random random)
    {
        while (!closed)
        {
            await NextAsync(random);
            Interlocked.Increment(ref served);
        }
    }

    private Task NextAsync(Random random)
    {
        var isSelling = Volatile.Read(ref served) / Season % 2 == 0;
        var choice = random.Next(100);
        return choice switch
        {
            < 25 when held.TryDequeue(out var hold) => EndAsync(hold, isSale: random.Next(4) > 0),
            < 40 => ReceiveAsync(reordered[random.Next(reordered.Count)]),
            < 70 => HoldAsync(reordered[random.Next(reordered.Count)], random.Next(1, 8)),
            _ when isSelling => HoldAsync(filled[random.Next(filled.Count)], random.Next(1, 8)),
            _ => AddAsync(filled[random.Next(filled.Count)], random.Next(1, 6)),
        };
    }

    private async Task HoldAsync(string sku, int quantity)
    {
        var order = new ReserveInventoryRequest
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine { Sku = sku, Quantity = quantity },
            },
        };
        if (await AskAsync(options => reservations.ReserveInventoryAsync(order, options)) is { } granted)
        {
            held.Enqueue(granted.Reservation.ReservationId);
        }
    }

    private Task EndAsync(string hold, bool isSale) =>
        isSale
            ? AskAsync(options => reservations.ConfirmReservationAsync(new() { ReservationId = hold }, options))
            : AskAsync(options =>
                reservations.CancelReservationAsync(
                    new() { ReservationId = hold, Cause = CancelCause.Cancelled },
                    options
                )
            );

    private async Task AddAsync(string sku, int quantity)
    {
        var add = new AddInventoryToLocationRequest
        {
            RequestId = Some.RequestId(),
            Sku = sku,
            Warehouse = Given.MainWarehouse,
            Quantity = quantity,
        };
        await AskAsync(options => stock.AddInventoryToLocationAsync(add, options));
    }

    /// <summary>The oldest order of it comes in, if there is one.</summary>
    private async Task ReceiveAsync(string sku)
    {
        var orders = await AskAsync(options =>
            replenishment.ListReordersAsync(new() { Sku = sku, State = ReorderState.Approved }, options)
        );
        if (orders?.Reorders.LastOrDefault() is { } order)
        {
            var receive = new ReceiveReorderRequest
            {
                RequestId = Some.RequestId(),
                ReorderId = order.ReorderId,
                Quantity = order.Outstanding,
            };
            await AskAsync(options => replenishment.ReceiveReorderAsync(receive, options));
        }
    }

    /// <returns>None if it was refused.</returns>
    private static async Task<T?> AskAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call)
        where T : class
    {
        T? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    answer = await call(new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + AnswerMax));
                    return true;
                }
                catch (RpcException refused)
                {
                    return refused.StatusCode is StatusCode.FailedPrecondition or StatusCode.Aborted;
                }
            },
            RetryMax
        );
        return answer;
    }
}
