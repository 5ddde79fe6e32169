using Inventory.Engine.Reservations;
using Inventory.Engine.Stock;

namespace Inventory.Server.Validation;

/// <summary>Rules for amounts. Each answers null when all is well.</summary>
internal static class NumberRules
{
    private const long AmountMax = StockEdit.QuantityMax;

    private static readonly Problem NotToReserve = Problem.OutOfRange($"1 to {ReserveRequest.QuantityMax}");
    private static readonly Problem NoQuantity = Problem.OutOfRange($"1 to {AmountMax}");
    private static readonly Problem NoAmount = Problem.OutOfRange($"0 to {AmountMax}");
    private static readonly Problem NoDelta = Problem.OutOfRange($"-{AmountMax} to {AmountMax}, and not 0");

    public static Problem? QuantityToReserve(long value) =>
        value is > 0 and <= ReserveRequest.QuantityMax ? null : NotToReserve;

    public static Problem? Quantity(long value) => value is > 0 and <= AmountMax ? null : NoQuantity;

    public static Problem? Amount(long value) => value is >= 0 and <= AmountMax ? null : NoAmount;

    /// <summary>An expected version, if there is one.</summary>
    public static Problem? Version(bool given, long version) =>
        given && version < 1 ? Problem.OutOfRange("1 or more, as it was read") : null;

    public static Problem? Delta(long value) => value is >= -AmountMax and <= AmountMax and not 0 ? null : NoDelta;
}
