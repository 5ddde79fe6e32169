using System.Globalization;
using System.Text;

namespace Inventory.Load.Calls;

/// <summary>The items that calls draw from, by the names that the seed gives them.</summary>
internal sealed class Shelf
{
    private readonly int first;
    private readonly int items;
    private readonly byte[][] warehouses;
    private ulong random;

    /// <param name="first">The number of the first item.</param>
    /// <param name="seed">The same seed draws the same items.</param>
    public Shelf(int first, int items, int warehouses, ulong seed)
    {
        this.first = first;
        this.items = items;
        this.warehouses =
        [
            .. Enumerable
                .Range(1, warehouses)
                .Select(number => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"W{number}"))),
        ];
        random = seed;
    }

    /// <summary>An item's number in twelve digits follows.</summary>
    public static ReadOnlySpan<byte> SkuPrefix => "SKU-"u8;

    public ReadOnlySpan<byte> AnyWarehouse() => warehouses[Below(warehouses.Length)];

    /// <summary>Uniform, as pgbench's random().</summary>
    public int AnyItem() => first + Below(items);

    /// <summary>An order names an item once.</summary>
    public int AnyItemBut(ReadOnlySpan<int> taken)
    {
        int item;
        do
        {
            item = AnyItem();
        } while (taken.Contains(item));
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
