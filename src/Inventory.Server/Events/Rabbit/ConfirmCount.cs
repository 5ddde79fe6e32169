namespace Inventory.Server.Events.Rabbit;

/// <summary>
/// Counts the broker's confirmations of messages that were sent one after the other. They come in any order, and one
/// may stand for all before it.
/// </summary>
internal sealed class ConfirmCount
{
    private readonly Lock gate = new();
    private readonly HashSet<ulong> early = [];
    private TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong through;
    private ulong last;

    /// <summary>To be called before the first is sent.</summary>
    /// <param name="firstTag">Of the first message.</param>
    /// <param name="count">1 or more.</param>
    /// <returns>Ends when all are confirmed, and with an exception when that will not be.</returns>
    public Task ExpectAsync(ulong firstTag, int count)
    {
        lock (gate)
        {
            early.Clear();
            all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            through = firstTag - 1;
            last = firstTag + (ulong)count - 1;
            return all.Task;
        }
    }

    /// <param name="tag">Of a message.</param>
    /// <param name="multiple">It stands for all before it too.</param>
    public void Confirm(ulong tag, bool multiple)
    {
        lock (gate)
        {
            if (multiple)
            {
                through = Math.Max(through, tag);
                early.RemoveWhere(t => t <= through);
            }
            else if (tag > through)
            {
                early.Add(tag);
            }

            while (early.Remove(through + 1))
            {
                through++;
            }

            if (through >= last)
            {
                all.TrySetResult();
            }
        }
    }

    public void Fail(string why)
    {
        lock (gate)
        {
            all.TrySetException(new IOException(why));
        }
    }
}
