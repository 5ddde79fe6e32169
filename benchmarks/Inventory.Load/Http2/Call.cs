using Inventory.Load.Driving;

namespace Inventory.Load.Http2;

/// <summary>
/// One stream that is open, or a slot for one. Slots are used again, so that a call costs no allocation.
/// </summary>
internal sealed class Call
{
    private byte[] partial = [];
    private int partialLength;

    private readonly byte[] kept = new byte[64];
    private int keptLength;

    public int StreamId { get; private set; }

    /// <summary>When it should have started, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long Due { get; set; }

    /// <summary>What the workload does next in this slot; 0 at first. It outlives the call.</summary>
    public int Step { get; set; }

    /// <summary>What the workload keeps from one step to the next: an id as it was answered.</summary>
    public ReadOnlySpan<byte> Kept => kept.AsSpan(0, keptLength);

    /// <summary>What the message said, until the status confirms it.</summary>
    public Outcome Outcome { get; set; }

    public long SendWindow { get; set; }

    public long Received { get; set; }

    public ReadOnlySpan<byte> Partial => partial.AsSpan(0, partialLength);

    public void Open(int streamId, long sendWindow)
    {
        StreamId = streamId;
        SendWindow = sendWindow;
        Received = 0;
        partialLength = 0;
    }

    public void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(kept);
        keptLength = bytes.Length;
    }

    /// <summary>Keeps the beginning of a message whose rest is still to come.</summary>
    public void AppendPartial(ReadOnlySpan<byte> bytes)
    {
        if (partial.Length < partialLength + bytes.Length)
            Array.Resize(ref partial, Math.Max(partial.Length * 2, partialLength + bytes.Length));
        bytes.CopyTo(partial.AsSpan(partialLength));
        partialLength += bytes.Length;
    }

    public void DropPartial(int length)
    {
        partial.AsSpan(length, partialLength - length).CopyTo(partial);
        partialLength -= length;
    }
}
