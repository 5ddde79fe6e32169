using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Inventory.Server.Services;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineReservation = Inventory.Engine.Reservations.Reservation;
using EngineReserveRequest = Inventory.Engine.Reservations.ReserveRequest;

namespace Inventory.Benchmarks;

/// <summary>
/// What a call costs beside the engine: from bytes to a request that is valid, and from a reservation to bytes.
/// </summary>
[MemoryDiagnoser]
public class WireBenchmarks
{
    private const string Caller = "key:bench";
    private static readonly DateTime Created = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly byte[] answer = new byte[64 * 1024];
    private ReserveInventoryRequest request = new();
    private byte[] requestBytes = [];
    private EngineReservation reservation = null!;

    [Params(1, 3)]
    public int Lines { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        request = new ReserveInventoryRequest
        {
            RequestId = "order-000000012345",
            HoldFor = Duration.FromTimeSpan(TimeSpan.FromMinutes(15)),
        };
        for (var line = 1; line <= Lines; line++)
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

        requestBytes = request.ToByteArray();
        reservation = new EngineReservation
        {
            ReservationId = Guid.CreateVersion7(),
            Caller = Caller,
            RequestId = request.RequestId,
            State = Engine.Reservations.ReservationState.Held,
            CreatedAt = Created,
            ExpiresAt = Created.AddMinutes(15),
            Version = 1,
            Allocations =
            [
                .. request.Lines.Select(line => new Engine.Reservations.Allocation(line.Sku, line.Warehouse, 1)),
            ],
        };
    }

    [Benchmark]
    public ReserveInventoryRequest Parse() => ReserveInventoryRequest.Parser.ParseFrom(requestBytes);

    [Benchmark]
    public bool Validate() => ReservationRules.Check(request) is null;

    [Benchmark]
    public EngineReserveRequest ToEngine() => ReservationMessages.ToEngine(request, new(Caller));

    [Benchmark]
    public int ToWire()
    {
        var response = new ReserveInventoryResponse { Reservation = ReservationMessages.ToWire(reservation) };
        var size = response.CalculateSize();
        response.WriteTo(answer.AsSpan(0, size));
        return size;
    }
}
