using System.Collections.Concurrent;
using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Bounds how many reservations one order and one caller may have open, held or waiting, so that nobody can hold a
/// shop's stock away from all others. What is asked for is counted here, which costs an addition; only when as much has
/// been asked as there was room for are the open ones counted in the tables.
/// </summary>
/// <remarks>
/// Requests that are under way side by side, on this server and on others, do not see each other: a cap may be passed
/// by as many as are. What other servers grant is seen at the next count. What was granted before is always answered
/// again.
/// </remarks>
/// <param name="cell">Where to count.</param>
/// <param name="orderMax">The most of an order; 0: no limit.</param>
/// <param name="callerMax">The most of a caller; 0: no limit.</param>
/// <param name="time">The server's clock.</param>
public sealed class HoldCaps(Cell cell, int orderMax, int callerMax, TimeProvider time) : IDisposable
{
    // Orders share slots by their hash: that makes some of them be counted in the tables earlier, and nothing else.
    private const int OrderSlots = 1 << 18;

    // Callers are few; if they are not, all are counted anew.
    private const int CallersMax = 10_000;

    private const string OrderSql = """
        -- reservations.count_of_order
        SELECT count(*)::int FROM (
            SELECT FROM reservation r
            WHERE r.order_id = @Name AND r.state <= 2 AND r.expires_at > (SELECT clock_timestamp()) LIMIT @Limit) AS open
        """;

    private const string CallerSql = """
        -- reservations.count_of_caller
        SELECT (
            SELECT count(*) FROM (
                SELECT FROM reservation r
                WHERE r.state = 2 AND r.caller = @Name AND r.expires_at > (SELECT clock_timestamp()) LIMIT @Limit) AS held)::int + (
            SELECT count(DISTINCT l.place) FROM waiting_line l JOIN reservation r ON r.reservation_id = l.reservation_id
            WHERE r.caller = @Name)::int
        """;

    // To count a caller's is to look at all that is held: once a second at most, however much is asked.
    private static readonly TimeSpan CountCallerEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim counting = new(1);
    private readonly int[] orders = orderMax > 0 ? new int[OrderSlots] : [];
    private readonly ConcurrentDictionary<string, CallerRoom> callers = new(StringComparer.Ordinal);

    private sealed class CallerRoom
    {
        internal int Left;
        internal long CountedAt = long.MinValue;
    }

    /// <inheritdoc/>
    public void Dispose() => counting.Dispose();

    /// <summary>Whether there is room for sure. If not, it is to be judged by <see cref="JudgeAsync"/>.</summary>
    internal bool TryEnter(ReserveRequest request)
    {
        var isRoom = true;
        if (orderMax > 0 && request.OrderId is { } order)
        {
            isRoom = Interlocked.Increment(ref orders[Slot(order)]) <= orderMax;
        }

        if (callerMax > 0)
        {
            isRoom &= Interlocked.Decrement(ref Room(request.Caller.Name).Left) >= 0;
        }

        return isRoom;
    }

    /// <summary>Counts in the tables.</summary>
    /// <returns>Which cap stands against it; none if there is room.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    internal async Task<HoldCap?> JudgeAsync(ReserveRequest request, CancellationToken cancellation)
    {
        if (orderMax > 0 && request.OrderId is { } order && Volatile.Read(ref orders[Slot(order)]) > orderMax)
        {
            var open = await CountAsync(OrderSql, order, orderMax, cancellation);
            Volatile.Write(ref orders[Slot(order)], open + 1);
            if (open >= orderMax)
            {
                return new("order", order, orderMax);
            }
        }

        return callerMax > 0 && await IsFullAsync(request.Caller.Name, cancellation)
            ? new("caller", request.Caller.Name, callerMax)
            : null;
    }

    private async Task<bool> IsFullAsync(string caller, CancellationToken cancellation)
    {
        var room = Room(caller);
        if (Volatile.Read(ref room.Left) >= 0)
        {
            return false;
        }

        await counting.WaitAsync(cancellation);
        try
        {
            if (room.CountedAt == long.MinValue || time.GetElapsedTime(room.CountedAt) >= CountCallerEvery)
            {
                var open = await CountAsync(CallerSql, caller, callerMax, cancellation);
                room.CountedAt = time.GetTimestamp();
                Volatile.Write(ref room.Left, callerMax - open);
            }

            return Interlocked.Decrement(ref room.Left) < 0;
        }
        finally
        {
            counting.Release();
        }
    }

    private CallerRoom Room(string caller)
    {
        if (callers.TryGetValue(caller, out var room))
        {
            return room;
        }

        if (callers.Count >= CallersMax)
        {
            callers.Clear();
        }

        return callers.GetOrAdd(caller, _ => new CallerRoom());
    }

    private async Task<int> CountAsync(string sql, string name, int limit, CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<int>(
            new CommandDefinition(sql, new { Name = name, Limit = limit }, cancellationToken: cancellation)
        );
    }

    private static int Slot(string order) => (int)((uint)order.GetHashCode(StringComparison.Ordinal) % OrderSlots);
}

/// <summary>A cap that is reached.</summary>
/// <param name="Of">order or caller.</param>
/// <param name="Name">Which.</param>
/// <param name="Max">How many it may have open.</param>
public sealed record HoldCap(string Of, string Name, int Max);
