using System.Globalization;
using System.Text;

namespace Inventory.Load.Calls;

/// <summary>The items that calls draw from. The seed in <c>Stage/Seed.sql</c> makes them by the same names.</summary>
internal sealed class Shelf
{
    /// <summary>Codes W1, W2, …</summary>
    private readonly byte[][] warehouses;

    private readonly byte[] skuPrefix;
    private readonly int items;
    private ulong random;

    public Shelf(string skuPrefix, int items, int warehouses, ulong seed)
    {
        this.skuPrefix = Encoding.ASCII.GetBytes(skuPrefix);
        this.items = items;
        this.warehouses =
        [
            .. Enumerable
                .Range(1, warehouses)
                .Select(number => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"W{number}"))),
        ];
        random = seed;
    }

    public ReadOnlySpan<byte> SkuPrefix => skuPrefix;

    public ReadOnlySpan<byte> AnyWarehouse() => warehouses[Below(warehouses.Length)];

    /// <summary>Uniform, as pgbench's random().</summary>
    public int AnyItem() => 1 + Below(items);

    /// <summary>An order names an item once.</summary>
    public int AnyItemBut(ReadOnlySpan<int> taken)
    {
        int item;
        do item = AnyItem();
        while (taken.Contains(item));
        return item;
    }

    // SplitMix64 (Steele, Lea and Flood, 2014), and a multiply in place of a division.
    private int Below(int limit)
    {
        var mixed = random += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        return (int)(((mixed >> 32) * (ulong)limit) >> 32);
    }
}
