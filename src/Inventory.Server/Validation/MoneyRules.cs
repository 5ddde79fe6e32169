using System.Globalization;
using System.Text.RegularExpressions;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>Money is a decimal in text. What a double would round, or what the table cannot keep, is refused.</summary>
internal static partial class MoneyRules
{
    public static void Check(string field, Money? money, ref Violations violations)
    {
        if (money is null)
        {
            return;
        }

        if (!Amount().IsMatch(money.Amount))
        {
            violations.Add(
                $"{field}.amount",
                money.Amount.Length == 0
                    ? Problem.Required
                    : Problem.Format("a decimal of at most 15 digits before the point and 4 after it, not negative")
            );
        }

        if (!Currency().IsMatch(money.Currency))
        {
            violations.Add(
                $"{field}.currency",
                money.Currency.Length == 0 ? Problem.Required : Problem.Format("three capital letters of ISO 4217")
            );
        }
    }

    /// <param name="money">Valid, or null.</param>
    public static Engine.Catalog.Money? ToEngine(Money? money) =>
        money is null ? null : new(decimal.Parse(money.Amount, CultureInfo.InvariantCulture), money.Currency);

    public static Money? ToWire(Engine.Catalog.Money? money) =>
        money is { } known
            ? new Money
            {
                Amount = known.Amount.ToString("0.00##", CultureInfo.InvariantCulture),
                Currency = known.Currency,
            }
            : null;

    [GeneratedRegex(@"^[0-9]{1,15}(\.[0-9]{1,4})?\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"^[A-Z]{3}\z")]
    private static partial Regex Currency();
}
