using System.Globalization;
using System.Text.RegularExpressions;

namespace Inventory.Engine.Journal;

/// <summary>
/// How far a follower has read. Positions are not drawn in the order of commits, so a position alone skips rows; a
/// snapshot says exactly which transactions have been read.
/// </summary>
/// <param name="Era">The cell's, see <see cref="OpenEra"/>: transaction ids of another era mean nothing.</param>
/// <param name="Snapshot">All that it shows has been read, in PostgreSQL's text form.</param>
/// <param name="Floor">Rows of transactions that began after the snapshot have higher positions than this.</param>
/// <param name="Pass">None between two passes.</param>
public sealed partial record JournalCursor(long Era, string Snapshot, long Floor, JournalPass? Pass = null)
{
    // Before the first transaction that an ordinary statement can have.
    private const string NothingYet = "3:3:";

    /// <summary>Before the first row.</summary>
    public static JournalCursor Beginning(long era) => new(era, NothingYet, 0);

    /// <summary>
    /// Whether it can have been taken before a snapshot: of the same era, and of no transaction that is still to come,
    /// as after a restore from an older backup.
    /// </summary>
    internal bool MayPrecede(long era, string snapshot) =>
        Era == era && Beyond(Snapshot) <= Beyond(snapshot) && (Pass is null || Beyond(Pass.Upper) <= Beyond(snapshot));

    /// <summary>As it is kept.</summary>
    public override string ToString() =>
        Pass is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Era};{Snapshot};{Floor}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Era};{Snapshot};{Floor};{Pass.Upper};{Pass.UpperFloor};{Pass.AsOf.Ticks};{Pass.After}"
            );

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, out JournalCursor cursor)
    {
        cursor = Beginning(0);
        var match = Form().Match(text ?? "");
        if (!match.Success)
        {
            return false;
        }

        var pass = match.Groups["upper"].Success
            ? new JournalPass(
                match.Groups["upper"].Value,
                Number("upperFloor"),
                new DateTime(Math.Min(Number("asOf"), DateTime.MaxValue.Ticks), DateTimeKind.Utc),
                Number("after")
            )
            : null;
        cursor = new(Number("era"), match.Groups["snapshot"].Value, Number("floor"), pass);
        return true;

        long Number(string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    // A snapshot is written as xmin:xmax:list.
    private static UInt128 Beyond(string snapshot) =>
        UInt128.Parse(snapshot.Split(':')[1], NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<era>\d{1,18});(?<snapshot>\d{1,20}:\d{1,20}:[\d,]*);(?<floor>\d{1,18})"
            + @"(;(?<upper>\d{1,20}:\d{1,20}:[\d,]*);(?<upperFloor>\d{1,18});(?<asOf>\d{1,18});(?<after>\d{1,18}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Form();
}

/// <summary>
/// A pass that takes several pages: all of them end at one snapshot, or rows of a page behind could be skipped.
/// </summary>
/// <param name="Upper">The snapshot at which the pass ends, and the next begins.</param>
/// <param name="UpperFloor">The next pass's floor.</param>
/// <param name="AsOf">The time of the upper snapshot, by the database's clock.</param>
/// <param name="After">The position of the last row that was read.</param>
public sealed record JournalPass(string Upper, long UpperFloor, DateTime AsOf, long After);
