using System.Globalization;

namespace Inventory.Testing;

/// <summary>What random tests begin from: <c>INVENTORY_TEST_SEED</c>, or a number nobody chose.</summary>
public static class FuzzSeed
{
    /// <summary>The variable's name, for what a failure tells.</summary>
    public const string Variable = "INVENTORY_TEST_SEED";

    public static int Take() =>
        ulong.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var set)
            ? unchecked((int)set)
            : Random.Shared.Next();
}
