using Inventory.Faults.Histories;

namespace Inventory.Faults.Checking;

/// <summary>
/// Judges what callers were told, and what the tables hold in the end, against the promises 1 to 9 and 11. It knows the
/// engine's tables and none of its code, and holds against the engine only what no order of events can explain.
/// </summary>
public static class Checker
{
    public static IReadOnlyList<Violation> Judge(IReadOnlyList<Entry> history, Tables tables) =>
        [
            .. StockChecks.Judge(tables),
            .. ReservationChecks.Judge(tables),
            .. ReserveChecks.Judge(history, tables),
            .. EndChecks.Judge(history, tables),
            .. PartChecks.Judge(history, tables),
            .. AdjustChecks.Judge(history, tables),
            .. RefusalChecks.Judge(history, tables),
            .. TimeChecks.Judge(history, tables),
        ];
}
