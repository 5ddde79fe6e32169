using Inventory.Engine.Reservations;

namespace Inventory.Server.Validation;

/// <summary>Rules for amounts. Each answers null when all is well.</summary>
internal static class NumberRules
{
    public const long QuantityMax = ReserveRequest.QuantityMax;

    private static readonly Problem NoQuantity = Problem.OutOfRange($"1 to {QuantityMax}");
    private static readonly Problem NoAmount = Problem.OutOfRange($"0 to {QuantityMax}");

    public static Problem? Quantity(long value) => value is > 0 and <= QuantityMax ? null : NoQuantity;

    public static Problem? Amount(long value) => value is >= 0 and <= QuantityMax ? null : NoAmount;
}
