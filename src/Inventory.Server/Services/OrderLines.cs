using System.Collections;
using Google.Protobuf.Collections;
using ReserveLine = Inventory.Engine.Reservations.ReserveLine;

namespace Inventory.Server.Services;

/// <summary>
/// The lines of a request as the engine knows them, without a copy: the message is nobody else's and does not change.
/// </summary>
/// <param name="lines">Valid.</param>
internal sealed class OrderLines(RepeatedField<V1.ReserveLine> lines) : IReadOnlyList<ReserveLine>
{
    public int Count => lines.Count;

    public ReserveLine this[int index]
    {
        get
        {
            var line = lines[index];
            return new(line.Sku, line.Warehouse.Length == 0 ? null : line.Warehouse, line.Quantity, line.MinQuantity);
        }
    }

    public IEnumerator<ReserveLine> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
