using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reports;

/// <summary>
/// Makes a report: one statement, so that all of it is of one moment. Rows are sent as PostgreSQL finds them; nothing
/// is gathered here.
/// </summary>
public sealed class RunReport(Cell cell, StockDirectory directory) : IDisposable
{
    private const string ClockSql = """
        -- reports.clock
        SELECT clock_timestamp()
        """;

    private const int RowsAtOnce = 500;

    /// <summary>What a statement may take, in seconds: some read the journal of a year.</summary>
    private const int TimeoutSeconds = 300;

    private const int RunningMax = 2;

    // The others wait: reports read much, and sales are to find connections and processors.
    private readonly SemaphoreSlim running = new(RunningMax);

    /// <summary>Makes it.</summary>
    /// <param name="query">Validated by the caller.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A head and then rows; or only a refusal.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async IAsyncEnumerable<ReportStep> ExecuteAsync(
        ReportQuery query,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var unknown = new List<string>();
        var warehouseIds = new List<int>();
        foreach (var name in query.Warehouses)
        {
            if (await directory.FindWarehouseAsync(name, cancellation) is { } warehouse)
            {
                warehouseIds.Add(warehouse.WarehouseId);
            }
            else
            {
                unknown.Add(name);
            }
        }

        if (unknown.Count > 0)
        {
            yield return new ReportRefused(unknown);
            yield break;
        }

        await running.WaitAsync(cancellation);
        try
        {
            await foreach (var step in ReadAsync(query, [.. warehouseIds], cancellation))
            {
                yield return step;
            }
        }
        finally
        {
            running.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => running.Dispose();

    private async IAsyncEnumerable<ReportStep> ReadAsync(
        ReportQuery query,
        int[] warehouseIds,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        var now = await connection.QuerySingleAsync<DateTime>(
            new CommandDefinition(ClockSql, cancellationToken: cancellation)
        );
        var before = query.Before ?? now;
        var from =
            query.From
            ?? (
                before - DateTime.MinValue > ReportQuery.DefaultSpan
                    ? before - ReportQuery.DefaultSpan
                    : DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)
            );
        var parameters = new
        {
            From = from,
            Before = before,
            Now = now,
            WarehouseIds = warehouseIds.Length == 0 ? null : warehouseIds,
            query.Category,
            Limit = query.Limit ?? (query.Kind == ReportKind.TopMovers ? ReportQuery.TopMoversDefault : null),
        };
        var (sql, columns) = Of(query.Kind);
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, commandTimeout: TimeoutSeconds, cancellationToken: cancellation)
        );
        yield return new ReportHead(columns, from, before, now);
        var rows = new List<IReadOnlyList<string>>(RowsAtOnce);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(Cells(reader, columns.Count));
            if (rows.Count == RowsAtOnce)
            {
                yield return new ReportRows(rows);
                rows = new(RowsAtOnce);
            }
        }

        if (rows.Count > 0)
        {
            yield return new ReportRows(rows);
        }
    }

    private static (string Sql, IReadOnlyList<ReportColumn> Columns) Of(ReportKind kind) =>
        kind switch
        {
            ReportKind.StockLevels => (StockLevelsReport.Sql, StockLevelsReport.Columns),
            ReportKind.Movements => (MovementsReport.Sql, MovementsReport.Columns),
            ReportKind.Turnover => (TurnoverReport.Sql, TurnoverReport.Columns),
            ReportKind.Ageing => (AgeingReport.Sql, AgeingReport.Columns),
            ReportKind.WarehouseEfficiency => (WarehouseEfficiencyReport.Sql, WarehouseEfficiencyReport.Columns),
            ReportKind.Reservations => (ReservationsReport.Sql, ReservationsReport.Columns),
            ReportKind.TopMovers => (TopMoversReport.Sql, TopMoversReport.Columns),
        };

    private static string[] Cells(DbDataReader reader, int count)
    {
        var cells = new string[count];
        for (var i = 0; i < count; i++)
        {
            cells[i] = reader.GetValue(i) switch
            {
                DBNull => "",
                string text => text,
                long number => number.ToString(CultureInfo.InvariantCulture),
                bool flag => flag ? "true" : "false",
                DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTime time when reader.GetDataTypeName(i) == "date" => time.ToString(
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture
                ),
                DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                var other => throw new InvalidOperationException($"A report has no {other.GetType().Name}."),
            };
        }

        return cells;
    }
}
