using Inventory.Faults.Histories;
using Inventory.Testing;

namespace Inventory.Faults.Load;

/// <summary>Asks one node, waits no longer than its patience, and writes down what it learnt.</summary>
internal abstract class Caller(History history, TimeSpan patience)
{
    public static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(20);

    public History History => history;

    /// <summary>Who the engine takes it for.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it takes stock in and out, beside what orders do.</summary>
    public virtual bool Adjusts => true;

    public async Task<Reply> AskAsync(Ask ask)
    {
        using var deadline = new CancellationTokenSource(patience);
        var call = history.Invoke(ask);
        try
        {
            return call.Complete(await AnswerAsync(ask, deadline.Token));
        }
        catch (Exception e) when (Indefinite(e) is { } error)
        {
            return call.Complete(new Unknown(error));
        }
    }

    /// <summary>Asks again what is not known, as a careful caller does, until it is.</summary>
    public async Task SettleAsync()
    {
        var known = history.Entries.Where(e => e.Reply is not Unknown).Select(e => e.Ask).ToHashSet();
        var unknown = history.Entries.Where(e => e.Reply is Unknown && !known.Contains(e.Ask)).Select(e => e.Ask);
        await Parallel.ForEachAsync(
            unknown.Distinct().ToList(),
            async (ask, _) => await Eventually.TrueAsync(async () => await AskAsync(ask) is not Unknown)
        );
    }

    /// <summary>What the node's job does each second.</summary>
    public virtual Task SweepAsync() => Task.CompletedTask;

    public ReserveAsk Order(string sku, long quantity = 1, int holdMs = 600_000) =>
        new(Name, Some.RequestId(), TimeSpan.FromMilliseconds(holdMs), new AskLine(sku, quantity));

    protected abstract Task<Reply> AnswerAsync(Ask ask, CancellationToken cancellation);

    /// <summary>What is wrong, if the exception leaves open whether there was an effect.</summary>
    protected abstract string? Indefinite(Exception exception);
}
