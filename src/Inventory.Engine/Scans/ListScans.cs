using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Scans;

/// <summary>Lists scans page by page.</summary>
public sealed class ListScans(Cell cell)
{
    /// <summary>The most scans of a page.</summary>
    public const int PageSizeMax = 1_000;

    private static readonly DateTime Ever = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
    private static readonly DateTime Never = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);

    /// <summary>Lists a page.</summary>
    /// <param name="filter">What is to match.</param>
    /// <param name="pageSize">1 to <see cref="PageSizeMax"/>.</param>
    /// <param name="pageToken">Of the page before, with the same filter; none for the first.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<ListScansAnswer> ExecuteAsync(
        ScanFilter filter,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation
    )
    {
        var fingerprint = filter.Fingerprint();
        var parameters = new ScanListParameters
        {
            DeviceId = filter.DeviceId,
            State = (short?)filter.State,
            From = filter.From ?? Ever,
            Before = filter.Before ?? Never,
            Time = Never,
            Id = Guid.AllBitsSet,
            Sequence = long.MaxValue,
            Limit = pageSize + 1,
        };
        if (!string.IsNullOrEmpty(pageToken))
        {
            if (
                !PageToken.TryRead(pageToken, fingerprint, out var place)
                || !Guid.TryParseExact(place.Text.Split('/')[0], "D", out var id)
                || !long.TryParse(place.Text.Split('/')[^1], out var sequence)
            )
            {
                return new(ListScansOutcome.PageTokenInvalid, [], null);
            }

            parameters = parameters with
            {
                Time = new DateTime(place.Number, DateTimeKind.Utc),
                Id = id,
                Sequence = sequence,
            };
        }

        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var rows = await ScanListStatements.ExecuteAsync(connection, parameters, cancellation);
        KeptScan[] page = [.. rows.Take(pageSize).Select(r => r.ToScan())];
        return new(ListScansOutcome.Listed, page, rows.Count > pageSize ? After(page[^1], fingerprint) : null);
    }

    private static string After(KeptScan last, long fingerprint) =>
        new PageToken(last.ReceivedAt.Ticks, $"{last.ScanId:D}/{last.Scan.Sequence}").Write(fingerprint);
}
