using Inventory.Engine.Reservations;

namespace Inventory.Server.Alerts;

/// <summary>How many reservations this server has granted and refused since its start.</summary>
internal sealed class ReserveTally
{
    private long granted;
    private long refused;

    public (long Granted, long Refused) Now => (Volatile.Read(ref granted), Volatile.Read(ref refused));

    public void Note(ReserveOutcome outcome)
    {
        switch (outcome)
        {
            case ReserveOutcome.Held:
            case ReserveOutcome.Waits:
            case ReserveOutcome.Replayed:
                Interlocked.Increment(ref granted);
                break;
            case ReserveOutcome.StockShort:
            case ReserveOutcome.ItemDiscontinued:
            case ReserveOutcome.WarehouseInactive:
            case ReserveOutcome.TooManyOpen:
                Interlocked.Increment(ref refused);
                break;
            // The caller's own mistakes, what was only judged, and what was not tried.
            case ReserveOutcome.RequestIdReused:
            case ReserveOutcome.SkuUnknown:
            case ReserveOutcome.WarehouseUnknown:
            case ReserveOutcome.Overloaded:
            case ReserveOutcome.WouldHold:
            case ReserveOutcome.WouldWait:
                break;
        }
    }
}
