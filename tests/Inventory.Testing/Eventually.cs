using System.Diagnostics;

namespace Inventory.Testing;

/// <summary>Waits for what another process does in its own time, with a bound.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Only a failure takes so long. Of a busy machine 30 seconds were too little to ask.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(90);

    public static Task TrueAsync(Func<bool> condition, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), within);

    /// <exception cref="TimeoutException">It did not become true in time.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var limit = within ?? WaitMax;
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > limit)
            {
                throw new TimeoutException($"It did not become true in {limit}.");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>The first answer that is not an exception; after the limit the exception.</summary>
    public static async Task<T> AnswersAsync<T>(Func<Task<T>> ask, TimeSpan? within = null)
    {
        var limit = within ?? WaitMax;
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(since) < limit)
            {
                await Task.Delay(Pause);
            }
        }
    }
}
