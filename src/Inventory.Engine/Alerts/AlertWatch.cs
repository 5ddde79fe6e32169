using System.Diagnostics;
using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Journal;
using Npgsql;

namespace Inventory.Engine.Alerts;

/// <summary>One watch of alerts, read as its caller takes them.</summary>
public sealed class AlertWatch : IDisposable
{
    private const string OpenSql = """
        -- alerts.watch_open
        SELECT c.era, c.snapshot, a.alert_id, a.kind, a.subject, a.sku, a.warehouse, a.amount, a.threshold, a.message, a.raised_at,
            a.acknowledged_at, a.acknowledged_by, a.note, a.resolved_at, a.resolved_by, a.revision
        FROM (SELECT era, pg_current_snapshot()::text AS snapshot FROM cell) AS c
        LEFT JOIN alert a ON a.resolved_at IS NULL AND (@Kinds::smallint[] IS NULL OR a.kind = ANY (@Kinds::smallint[]))
        ORDER BY a.alert_id
        """;

    // What the last snapshot does not show was changed since, however late its transaction committed: by one that began
    // behind it, or by one of the few that were under way. Read from the least of those on, every alert since would
    // come again and again while one long transaction runs. The few are told, so that the planner sees how few.
    private const string ChangedSql = """
        -- alerts.watch_changed
        SELECT c.era, c.snapshot, a.alert_id, a.kind, a.subject, a.sku, a.warehouse, a.amount, a.threshold, a.message, a.raised_at,
            a.acknowledged_at, a.acknowledged_by, a.note, a.resolved_at, a.resolved_by, a.revision
        FROM (SELECT era, pg_current_snapshot()::text AS snapshot FROM cell) AS c
        LEFT JOIN alert a ON (a.xid >= pg_snapshot_xmax(@Last::pg_snapshot) OR a.xid = ANY (@UnderWay::text[]::xid8[]))
            AND (@Kinds::smallint[] IS NULL OR a.kind = ANY (@Kinds::smallint[]))
        ORDER BY a.alert_id
        """;

    private const int MessageMax = 200;
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    private readonly Cell cell;
    private readonly short[]? kinds;
    private readonly long fingerprint;
    private readonly Queue<Alert> waiting = new();
    private JournalCursor? cursor;
    private bool hasRead;
    private long? toldAt;
    private int ended;

    internal AlertWatch(Cell cell, IReadOnlyList<AlertKind> kinds, JournalCursor? from, long fingerprint)
    {
        this.cell = cell;
        this.kinds = kinds.Count == 0 ? null : [.. kinds.Select(k => (short)k)];
        this.fingerprint = fingerprint;
        cursor = from;
    }

    internal TimeSpan HeartbeatEvery { get; init; }

    internal Action Ended { get; init; } = () => { };

    /// <summary>Waits for the next changes, or until it is time to tell how far it is.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async ValueTask<WatchStep<Alert>> NextAsync(CancellationToken cancellation)
    {
        while (waiting.Count == 0)
        {
            if (hasRead)
            {
                await Task.Delay(PollEvery, cancellation);
            }

            if (!await ReadAsync(cancellation))
            {
                return new([], null, WatchEnd.Of(WatchOutcome.EraOver));
            }

            if (waiting.Count == 0 && (toldAt is not { } at || Stopwatch.GetElapsedTime(at) >= HeartbeatEvery))
            {
                return Step([]);
            }
        }

        var told = new List<Alert>(Math.Min(waiting.Count, MessageMax));
        while (told.Count < MessageMax && waiting.TryDequeue(out var alert))
        {
            told.Add(alert);
        }

        return Step(told);
    }

    /// <summary>Another may begin in its place.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            Ended();
        }
    }

    private WatchStep<Alert> Step(IReadOnlyList<Alert> told)
    {
        toldAt = Stopwatch.GetTimestamp();
        return new(told, waiting.Count == 0 ? ResumeToken.Write(cursor!, fingerprint) : null);
    }

    /// <returns>Whether the data is that of the cursor.</returns>
    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var command = new CommandDefinition(
            cursor is null ? OpenSql : ChangedSql,
            new
            {
                Kinds = kinds,
                Last = cursor?.Snapshot,
                UnderWay = cursor is null ? [] : JournalSnapshot.Parse(cursor.Snapshot).UnderWay,
            },
            cancellationToken: cancellation
        );
        var place = new Place();
        var rows = await connection.QueryAsync<Place, Alert, Alert?>(
            command,
            (at, alert) =>
            {
                place = at;
                return alert is { AlertId: > 0 } ? alert : null;
            },
            splitOn: "alert_id"
        );
        foreach (var alert in rows.OfType<Alert>())
        {
            waiting.Enqueue(alert);
        }

        if (cursor is not null && !cursor.MayPrecede(place.Era, place.Snapshot))
        {
            return false;
        }

        hasRead = true;
        cursor = new(place.Era, place.Snapshot, 0);
        return true;
    }

    private sealed class Place
    {
        public long Era { get; init; }

        public string Snapshot { get; init; } = "";
    }
}
