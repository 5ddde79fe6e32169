using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Inventory.Engine.Journal;

/// <summary>Which transactions a snapshot of the database shows, as PostgreSQL writes it: xmin:xmax:list.</summary>
internal sealed class JournalSnapshot
{
    private readonly ulong floor;
    private readonly ulong beyond;
    private readonly ulong[] underWay;

    private JournalSnapshot(ulong floor, ulong beyond, ulong[] underWay)
    {
        this.floor = floor;
        this.beyond = beyond;
        this.underWay = underWay;
    }

    /// <summary>Those below its end that it does not show, as text: a driver's arrays know no such ids.</summary>
    internal string[] UnderWay => [.. underWay.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Reads what PostgreSQL wrote.</summary>
    internal static JournalSnapshot Parse(string text) =>
        TryParse(text, out var snapshot) ? snapshot : throw new FormatException($"'{text}' is no snapshot.");

    /// <summary>As PostgreSQL judges it: what is refused here it would refuse too.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out JournalSnapshot? snapshot)
    {
        snapshot = null;
        var parts = text.Split(':');
        if (parts.Length != 3 || !TryRead(parts[0], out var floor) || !TryRead(parts[1], out var beyond))
        {
            return false;
        }

        var ids = parts[2].Length == 0 ? [] : parts[2].Split(',');
        var underWay = new ulong[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var least = i == 0 ? floor : underWay[i - 1];
            if (!TryRead(ids[i], out underWay[i]) || underWay[i] < least || underWay[i] >= beyond)
            {
                return false;
            }
        }

        snapshot = new(floor, beyond, underWay);
        return floor > 0 && floor <= beyond;
    }

    /// <summary>Whether it shows what a transaction has written.</summary>
    internal bool Shows(ulong xid) => xid < floor || (xid < beyond && Array.BinarySearch(underWay, xid) < 0);

    /// <summary>Whether it shows all that another one shows.</summary>
    internal bool Covers(JournalSnapshot other) => beyond >= other.beyond && !Array.Exists(underWay, other.Shows);

    private static bool TryRead(string text, out ulong id) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
