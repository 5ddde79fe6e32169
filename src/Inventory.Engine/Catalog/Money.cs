namespace Inventory.Engine.Catalog;

/// <summary>An amount of money.</summary>
/// <param name="Amount">0 or more, below 10^15, with at most four decimals.</param>
/// <param name="Currency">ISO 4217, three capital letters.</param>
public readonly record struct Money(decimal Amount, string Currency);
