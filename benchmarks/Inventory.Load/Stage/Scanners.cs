using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Inventory.V1;

namespace Inventory.Load.Stage;

/// <summary>Devices that scan items of the seed: one is received for each that is sold.</summary>
/// <param name="client">The server.</param>
/// <param name="run">Of device ids that no other run has.</param>
/// <param name="items">How many items there are to scan.</param>
internal sealed class Scanners(ScanService.ScanServiceClient client, string run, int items)
{
    private long sequence;
    private long item;

    /// <summary>Sends one message, and waits until its stock is available.</summary>
    /// <returns>How many scans it had.</returns>
    /// <exception cref="InvalidOperationException">One was not accepted.</exception>
    public async Task<int> SendAsync(int reader, int count)
    {
        var request = new IngestScansRequest();
        var now = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < count; i++)
        {
            var number = (Interlocked.Increment(ref item) * 7_919) % items;
            request.Scans.Add(
                new Scan
                {
                    DeviceId = $"{run}-{reader}",
                    Sequence = Interlocked.Increment(ref sequence),
                    ScanTime = now,
                    Identifier = BarcodeSeed.Gtin(number + 1),
                    Warehouse = "W1",
                    Meaning = i % 2 == 0 ? ScanMeaning.Receive : ScanMeaning.Sale,
                }
            );
        }

        while (true)
        {
            using var call = client.IngestScans();
            try
            {
                await call.RequestStream.WriteAsync(request);
                await call.RequestStream.CompleteAsync();
                var answer = await call;
                return answer.AcceptedCount + answer.DuplicateCount == count
                    ? count
                    : throw new InvalidOperationException($"of {count} scans {answer.QuarantinedCount} were refused");
            }
            catch (RpcException busy) when (busy.StatusCode == StatusCode.ResourceExhausted)
            {
                // As a device does: all of it again, and those that were taken are not taken twice.
                continue;
            }
        }
    }
}
