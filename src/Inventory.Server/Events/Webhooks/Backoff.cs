namespace Inventory.Server.Events.Webhooks;

/// <summary>
/// Pauses between attempts: exponential with full jitter, so that many that failed together do not come back together.
/// </summary>
/// <param name="first">The longest pause after the first attempt; after each further one it may be twice as long.</param>
/// <param name="random">0 to below 1.</param>
internal sealed class Backoff(TimeSpan first, Func<double> random)
{
    public static readonly TimeSpan PauseMax = TimeSpan.FromHours(1);

    /// <param name="attempts">That have failed; 1 or more.</param>
    public TimeSpan After(int attempts)
    {
        // Beyond 2^30 the product says nothing any more, and the limit was reached long before.
        var longest = first * Math.Pow(2, Math.Min(attempts - 1, 30));
        return (longest < PauseMax ? longest : PauseMax) * random();
    }
}
