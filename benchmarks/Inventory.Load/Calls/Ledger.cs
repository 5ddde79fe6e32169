using System.Buffers.Text;

namespace Inventory.Load.Calls;

/// <summary>Every reservation that was acknowledged: what the tables must hold afterwards.</summary>
internal sealed class Ledger
{
    private readonly List<Guid> granted = [];

    public IReadOnlyList<Guid> Granted => granted;

    /// <summary>Made by pgbench, which tells how many and not which.</summary>
    public long Counted { get; private set; }

    public void Count(long reservations) => Counted += reservations;

    public void Add(ReadOnlySpan<byte> reservationId) => granted.Add(Parse(reservationId));

    /// <summary>The id is opaque to callers; the tables keep what stands behind its prefix.</summary>
    private static Guid Parse(ReadOnlySpan<byte> reservationId)
    {
        var text = reservationId[(reservationId.LastIndexOf((byte)'_') + 1)..];
        var form = text.Length == 32 ? 'N' : 'D';
        return Utf8Parser.TryParse(text, out Guid id, out _, form)
            ? id
            : throw new IOException("A reservation id has no uuid.");
    }
}
