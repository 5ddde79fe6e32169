using System.Buffers.Binary;
using Inventory.Engine.Availability;
using Inventory.Engine.Database;

namespace Inventory.Server.Cache;

/// <summary>
/// An item's copy as bytes: a head of 16, then 76 a warehouse, by the warehouses' codes. Numbers are little-endian. The
/// scripts of <see cref="CopyScripts"/> know the same places.
/// </summary>
/// <remarks>
/// Head: 'F' when complete, 'L' while only leased; a byte of flags, 1 for discontinued; six of nothing; the lease's
/// token. Row: warehouse (4), version, on hand, reserved, available (what a commit tells stands together), damaged,
/// quality control, in transit, safety stock, waiting (8 each).
/// </remarks>
internal static class CopyFormat
{
    public const int HeadSize = 16;
    public const int RowSize = 76;
    private const byte Complete = (byte)'F';
    private const byte Leased = (byte)'L';
    private const int CommittedSize = 36;

    /// <returns>None if it is only leased, is nothing that we wrote, or its amounts don't belong together.</returns>
    public static ItemLevels? Read(long itemId, ReadOnlySpan<byte> copy)
    {
        if (copy.Length < HeadSize || copy[0] != Complete || (copy.Length - HeadSize) % RowSize != 0)
        {
            return null;
        }

        var discontinued = copy[1] == 1;
        copy = copy[HeadSize..];
        var rows = copy.Length == 0 ? [] : new WarehouseLevels[copy.Length / RowSize];
        for (var i = 0; i < rows.Length; i++, copy = copy[RowSize..])
        {
            rows[i] = new(
                BinaryPrimitives.ReadInt32LittleEndian(copy),
                BinaryPrimitives.ReadInt64LittleEndian(copy[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[12..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[20..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[28..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[36..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[44..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[52..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[60..]),
                BinaryPrimitives.ReadInt64LittleEndian(copy[68..])
            );
            if (!rows[i].AddsUp)
            {
                return null;
            }
        }

        return new(itemId, discontinued, rows);
    }

    /// <summary>Begun, and not complete yet.</summary>
    public static bool IsLease(ReadOnlySpan<byte> copy) => copy.Length >= HeadSize && copy[0] == Leased;

    /// <summary>For the fill: the lease's token, the flags, and all rows.</summary>
    public static byte[] Fill(CacheLease lease, ItemLevels levels)
    {
        var bytes = new byte[9 + levels.Rows.Length * RowSize];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, lease.Token);
        bytes[8] = levels.Discontinued ? (byte)1 : (byte)0;
        for (var i = 0; i < levels.Rows.Length; i++)
        {
            WriteRow(bytes.AsSpan(9 + i * RowSize), levels.Rows[i]);
        }

        return bytes;
    }

    /// <summary>For a write after a commit: the first part of a row.</summary>
    public static byte[] Committed(in StockLevel level)
    {
        var bytes = new byte[CommittedSize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, level.WarehouseId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), level.Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), level.OnHand);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(20), level.Reserved);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(28), level.Available);
        return bytes;
    }

    /// <summary>For a repair: a row, and the item's flags behind it.</summary>
    public static byte[] Whole(in StockRowLevels row)
    {
        var bytes = new byte[RowSize + 1];
        WriteRow(bytes, row.Levels);
        bytes[RowSize] = row.Discontinued ? (byte)1 : (byte)0;
        return bytes;
    }

    private static void WriteRow(Span<byte> bytes, in WarehouseLevels row)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, row.WarehouseId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], row.Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[12..], row.OnHand);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[20..], row.Reserved);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[28..], row.Available);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[36..], row.Damaged);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[44..], row.QualityControl);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[52..], row.InTransit);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[60..], row.SafetyStock);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[68..], row.Waiting);
    }
}
