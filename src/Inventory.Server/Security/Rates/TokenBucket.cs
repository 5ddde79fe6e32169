namespace Inventory.Server.Security.Rates;

/// <summary>
/// So many calls a second, and as many at once as two seconds bring. Kept as the one moment at which it would be full
/// again, so that to take from it is one exchange and no lock.
/// </summary>
internal sealed class TokenBucket(int perSecond)
{
    private const int BurstSeconds = 2;

    private readonly long interval = TimeSpan.TicksPerSecond / perSecond;
    private readonly long burst = BurstSeconds * TimeSpan.TicksPerSecond;
    private long fullAt;

    /// <param name="now">Ticks of a clock that never goes back.</param>
    /// <param name="wait">How long until there is one; zero where it was taken.</param>
    public bool TryTake(long now, out TimeSpan wait)
    {
        while (true)
        {
            var was = Volatile.Read(ref fullAt);
            var next = Math.Max(was, now) + interval;
            wait = TimeSpan.FromTicks(Math.Max(0, next - now - burst));
            if (wait > TimeSpan.Zero)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref fullAt, next, was) == was)
            {
                return true;
            }
        }
    }

    /// <summary>Whether there is one; it is not taken.</summary>
    public bool HasOne(long now, out TimeSpan wait)
    {
        wait = TimeSpan.FromTicks(Math.Max(0, Math.Max(Volatile.Read(ref fullAt), now) + interval - now - burst));
        return wait == TimeSpan.Zero;
    }
}
