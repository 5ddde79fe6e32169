namespace Inventory.Engine.Batching;

/// <summary>
/// Tells a part of a batch's callers. One work item for many of them, not one each: waking a thread for every answer
/// cost more than the answers.
/// </summary>
internal sealed class Delivery<TRequest, TAnswer>(Pending<TRequest, TAnswer>[] settled) : IThreadPoolWorkItem
{
    // Small enough that a second core finds a share of a full batch.
    private const int SizeMax = 64;

    public void Execute()
    {
        foreach (var pending in settled)
        {
            pending.Deliver();
        }
    }

    internal static void Queue(List<Pending<TRequest, TAnswer>> settled)
    {
        for (var from = 0; from < settled.Count; from += SizeMax)
        {
            var part = settled.GetRange(from, Math.Min(SizeMax, settled.Count - from));
            ThreadPool.UnsafeQueueUserWorkItem(new Delivery<TRequest, TAnswer>([.. part]), preferLocal: false);
        }
    }
}
