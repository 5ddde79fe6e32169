using System.Globalization;
using Inventory.Engine.Database;

namespace Inventory.Engine.Access;

/// <summary>
/// Where a list of what was written down stands: behind this moment and number. The newest comes first.
/// </summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="Number">What tells apart the rows of one moment.</param>
internal sealed record AuditPlace(DateTime At, long Number)
{
    /// <summary>The ends of time, which the database knows as infinity.</summary>
    internal static readonly DateTime Never = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    internal static readonly DateTime Always = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    /// <param name="token">Of the page before; none for the first.</param>
    /// <param name="list">The fingerprint of the list.</param>
    /// <param name="before">Where the first page begins; null: at the newest.</param>
    /// <returns>Null: the token is not of this list.</returns>
    internal static AuditPlace? Read(string? token, long list, DateTime? before)
    {
        if (string.IsNullOrEmpty(token))
        {
            return new(before ?? Never, 0);
        }

        return
            PageToken.TryRead(token, list, out var place)
            && long.TryParse(place.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? new(new(ticks, DateTimeKind.Utc), place.Number)
            : null;
    }

    /// <summary>Cuts a page from what its statement answered.</summary>
    /// <param name="rows">At least one; one more than the page holds says that there is another.</param>
    /// <param name="pageSize">The most rows of the page.</param>
    /// <param name="scan">As many rows as were to be looked at.</param>
    /// <returns>The page, and where the next begins; null: nowhere, or nothing is left to look at.</returns>
    internal static (IReadOnlyList<T> Page, AuditPlace? Next) Cut<T>(IReadOnlyList<T> rows, int pageSize, int scan)
        where T : AuditRow
    {
        var found = rows.Where(r => r.IsFound).ToList();
        if (found.Count > pageSize)
        {
            var last = found[pageSize - 1];
            return (found[..pageSize], new(last.At, last.Number));
        }

        return (found, rows[0].Scanned == scan ? new(rows[0].FloorAt, rows[0].FloorNumber) : null);
    }

    internal string Write(long list) =>
        new PageToken(Number, At.Ticks.ToString(CultureInfo.InvariantCulture)).Write(list);
}
