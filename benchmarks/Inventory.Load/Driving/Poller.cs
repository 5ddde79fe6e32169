using System.Runtime.InteropServices;
using Inventory.Load.Http2;

namespace Inventory.Load.Driving;

/// <summary>
/// Waits on all connections at once, to the microsecond: an open-loop schedule needs finer waits than the milliseconds
/// of .NET's own Poll, or the wait itself would be most of a fast call's latency.
/// </summary>
internal sealed partial class Poller
{
    private const short Readable = 0x1;
    private const short Writable = 0x4;

    private readonly Descriptor[] descriptors;
    private readonly IReadOnlyList<Http2Connection> connections;

    public Poller(IReadOnlyList<Http2Connection> connections)
    {
        this.connections = connections;
        descriptors = [.. connections.Select(connection => new Descriptor { Number = connection.Descriptor })];
    }

    public void Wait(TimeSpan timeout)
    {
        for (var i = 0; i < descriptors.Length; i++)
            descriptors[i].Asked = (short)(connections[i].HasUnsent ? Readable | Writable : Readable);

        var nanoseconds = Math.Max(0, timeout.Ticks * 100);
        var limit = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        if (Poll(descriptors, (nuint)descriptors.Length, limit, 0) >= 0)
            return;

        // Interrupted by a signal of the runtime: nothing is ready, and the caller's loop asks again.
        foreach (ref var descriptor in descriptors.AsSpan())
            descriptor.Ready = 0;
    }

    /// <summary>Also when it failed: reading says how.</summary>
    public bool IsReadable(int connection) => (descriptors[connection].Ready & ~Writable) != 0;

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int Poll([In, Out] Descriptor[] descriptors, nuint count, in TimeSpec timeout, nint signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct Descriptor
    {
        public int Number;
        public short Asked;
        public short Ready;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
