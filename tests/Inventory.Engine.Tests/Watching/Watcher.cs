using Inventory.Engine.Journal;

namespace Inventory.Engine.Tests.Watching;

/// <summary>A watcher that takes what it is told, and remembers the last token.</summary>
internal sealed class Watcher<T>(Func<CancellationToken, ValueTask<WatchStep<T>>> next, IDisposable watch) : IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    public List<T> Told { get; } = [];

    public string? Token { get; private set; }

    public WatchEnd? End { get; private set; }

    public async Task StepAsync()
    {
        using var giveUp = new CancellationTokenSource(WaitMax);
        await StepAsync(giveUp.Token);
    }

    /// <summary>Takes steps until something is so, and then on to the next token.</summary>
    public async Task UntilAsync(Func<IReadOnlyList<T>, bool> condition)
    {
        using var giveUp = new CancellationTokenSource(WaitMax);
        try
        {
            while (!condition(Told) && End is null)
            {
                await StepAsync(giveUp.Token);
            }

            Token = null;
            while (Token is null && End is null)
            {
                await StepAsync(giveUp.Token);
            }
        }
        catch (OperationCanceledException e) when (giveUp.IsCancellationRequested)
        {
            throw new TimeoutException($"It was told {Told.Count} changes, and not what was waited for.", e);
        }
    }

    public void Dispose() => watch.Dispose();

    private async Task StepAsync(CancellationToken giveUp)
    {
        var step = await next(giveUp);
        Told.AddRange(step.Told);
        Token = step.ResumeToken ?? Token;
        End = step.End;
    }
}
