using System.Text;
using Inventory.V1;

namespace Inventory.Load.Calls;

/// <summary>Writes ReserveInventoryRequest, each with a request id of its own: a run's prefix and a number.</summary>
internal sealed class ReserveRequests(Shelf shelf, string run, int linesPerOrder, int holdSeconds)
{
    private readonly byte[] run = Encoding.ASCII.GetBytes(run);
    private readonly int[] chosen = new int[linesPerOrder];
    private long number;

    public int SizeMax => 128 + (64 * linesPerOrder);

    public void Write(ref MessageWriter message)
    {
        message.Text(ReserveInventoryRequest.RequestIdFieldNumber, run, ++number);
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = shelf.AnyItemBut(chosen.AsSpan(0, i));
            var line = message.Begin(ReserveInventoryRequest.LinesFieldNumber);
            message.Text(ReserveLine.SkuFieldNumber, Shelf.SkuPrefix, chosen[i]);
            message.Number(ReserveLine.QuantityFieldNumber, 1);
            message.Text(ReserveLine.WarehouseFieldNumber, shelf.AnyWarehouse());
            message.End(line);
        }

        var hold = message.Begin(ReserveInventoryRequest.HoldForFieldNumber);
        message.Number(Google.Protobuf.WellKnownTypes.Duration.SecondsFieldNumber, holdSeconds);
        message.End(hold);
    }
}
