using System.Collections.Frozen;
using Inventory.Engine.Users;
using Inventory.Server.Security.Rates;
using Npgsql;

namespace Inventory.Server.Security.Users;

/// <summary>
/// All users who may sign in, in memory: a call with a session asks no database. Read again every ten seconds, and when
/// a session comes that it does not fit, but once a second only. What was not confirmed for 30 seconds is believed no
/// more.
/// </summary>
internal sealed class UserRing(ListSessionUsers list, RateLimits rates, TimeProvider time, ILogger<UserRing> logger)
    : BackgroundService
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CausedEvery = TimeSpan.FromSeconds(1);

    /// <summary>With a reading that is under way and one more that fails, 30 seconds.</summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(18);

    private static readonly TimeSpan ReadingMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim reading = new(1);
    private volatile FrozenDictionary<int, Member> members = FrozenDictionary<int, Member>.Empty;
    private volatile bool isKnown;
    private long triedAt;
    private long readAt;

    /// <summary>A user as they are now. Whatever changes them ends it.</summary>
    internal sealed record Member(SessionUser User, Grant Grant, Standing Standing, TokenBucket? Bucket)
    {
        /// <summary>Before a user's name; no token and no key can take it.</summary>
        public const string NamePrefix = "user:";

        public string CallerName => NamePrefix + User.Name;
    }

    /// <summary>Whether the last reading went well.</summary>
    public bool IsKnown => isKnown;

    /// <returns>Null: there is no such user, or their sessions of that stamp are over.</returns>
    public ValueTask<Member?> FindAsync(int userId, Guid stamp, CancellationToken cancellation) =>
        Find(userId, stamp) is { } member ? new(member) : new(FindAgainAsync(userId, stamp, cancellation));

    public override void Dispose()
    {
        base.Dispose();
        reading.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        try
        {
            do
            {
                await ReadAsync(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private Member? Find(int userId, Guid stamp) =>
        members.TryGetValue(userId, out var member) && member.User.Stamp == stamp ? member : null;

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            await ReadLockedAsync(cancellation);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>A reading that began after the session came decides; all who came before it share it.</summary>
    private async Task<Member?> FindAgainAsync(int userId, Guid stamp, CancellationToken cancellation)
    {
        var came = rates.Now;
        await reading.WaitAsync(cancellation);
        try
        {
            if (Find(userId, stamp) is null && triedAt <= came)
            {
                var early = TimeSpan.FromTicks(triedAt - rates.Now) + CausedEvery;
                if (triedAt > 0 && early > TimeSpan.Zero)
                {
                    await Task.Delay(early, cancellation);
                }

                // For all who wait: the first of them may leave.
                await ReadLockedAsync(CancellationToken.None);
            }

            return Find(userId, stamp);
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task ReadLockedAsync(CancellationToken cancellation)
    {
        var now = rates.Now;
        using var limit = new CancellationTokenSource(ReadingMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            triedAt = now;
            Replace(await list.ExecuteAsync(either.Token));
            (readAt, isKnown) = (now, true);
        }
        catch (Exception away)
            when (away is NpgsqlException or TimeoutException
                || (away is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            isKnown = false;
            logger.UsersUnread(away.Message);
            if (TimeSpan.FromTicks(now - readAt) > BelievedFor)
            {
                Replace([]);
            }
        }
    }

    /// <summary>Who has the same stamp has the same roles too, and stays as they are.</summary>
    private void Replace(IReadOnlyList<SessionUser> users)
    {
        var old = members;
        members = users.ToFrozenDictionary(
            u => u.UserId,
            u => old.GetValueOrDefault(u.UserId) is { } same && same.User.Stamp == u.Stamp ? same : Make(u)
        );
        foreach (var gone in old.Values.Where(m => Find(m.User.UserId, m.User.Stamp) is null))
        {
            gone.Standing.End();
        }
    }

    private Member Make(SessionUser user) =>
        new(user, Grant.Of([], user.Roles, user.Warehouses), new(), rates.OfCaller(Member.NamePrefix + user.Name));
}
