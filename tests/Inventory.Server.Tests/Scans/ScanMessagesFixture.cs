using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;

namespace Inventory.Server.Tests.Scans;

/// <summary>Tests of scans over the wire, each with a device of its own.</summary>
public abstract class ScanMessagesFixture : ServerFixture
{
    protected static Timestamp Noon { get; } = Timestamp.FromDateTime(new(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc));

    protected static string Device() => $"till-{Guid.NewGuid():n}";

    protected static Scan Read(ScanMeaning meaning, string identifier, string? device = null, long sequence = 1) =>
        new()
        {
            DeviceId = device ?? Device(),
            Sequence = sequence,
            ScanTime = Noon,
            Identifier = identifier,
            Warehouse = Given.MainWarehouse,
            Meaning = meaning,
        };

    protected Task<IngestScansResponse> Ingest(params Scan[] scans) => Stream([new() { Scans = { scans } }]);

    protected async Task<IngestScansResponse> Stream(IEnumerable<IngestScansRequest> messages, Metadata? headers = null)
    {
        using var call = Scans.IngestScans(headers);
        try
        {
            foreach (var message in messages)
            {
                await call.RequestStream.WriteAsync(message);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            // The call has ended already: its answer says how.
        }

        return await call;
    }

    protected async Task<KeptScan> Kept(Scan scan) =>
        (await Scans.ListScansAsync(new() { DeviceId = scan.DeviceId, PageSize = 1_000 })).Scans.Single(s =>
            s.Scan.Sequence == scan.Sequence
        );
}
