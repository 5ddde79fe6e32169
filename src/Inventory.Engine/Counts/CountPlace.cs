using System.Globalization;
using Inventory.Engine.Database;

namespace Inventory.Engine.Counts;

/// <summary>Where a list of counts or of their lines stands, the newest first: what follows lies before it.</summary>
/// <param name="Time">Of the last row.</param>
/// <param name="CountId">Its count.</param>
/// <param name="ItemId">Its item, if it is a line.</param>
/// <param name="State">What of the item it counts, if it is a line.</param>
internal sealed record CountPlace(DateTime Time, Guid CountId, long ItemId, int State)
{
    /// <summary>Before all rows.</summary>
    private static readonly CountPlace First = new(
        DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        Guid.AllBitsSet,
        long.MaxValue,
        short.MaxValue
    );

    internal string Write(long list) =>
        new PageToken(Time.Ticks, string.Create(CultureInfo.InvariantCulture, $"{CountId}/{ItemId}/{State}")).Write(
            list
        );

    /// <summary>No token is the first page.</summary>
    internal static bool TryRead(string? token, long list, out CountPlace place)
    {
        place = First;
        if (string.IsNullOrEmpty(token))
        {
            return true;
        }

        if (
            !PageToken.TryRead(token, list, out var read)
            || read.Text.Split('/') is not [var count, var item, var state]
            || !Guid.TryParseExact(count, "D", out var countId)
            || !long.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var itemId)
            || !short.TryParse(state, NumberStyles.None, CultureInfo.InvariantCulture, out var stateNumber)
        )
        {
            return false;
        }

        place = new(new DateTime(read.Number, DateTimeKind.Utc), countId, itemId, stateNumber);
        return true;
    }
}
