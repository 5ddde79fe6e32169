using Inventory.Load.Http2;

namespace Inventory.Load.Driving;

/// <summary>
/// One stream a connection, with many messages in flight on it. Answers come in the order of the questions, which is
/// how each finds the moment when its question was due.
/// </summary>
internal sealed class StreamLoad(IWorkload workload, int window) : ILoad
{
    private readonly Dictionary<Http2Connection, Call> streams = [];
    private readonly Dictionary<Call, Queue<long>> dueTimes = [];
    private bool finished;

    public Tally Tally { get; } = new();

    public Pace Pace { get; } = Pace.Closed();

    public void Fill(Http2Connection connection, long now)
    {
        if (!streams.TryGetValue(connection, out var call))
        {
            call = connection.Open(workload.Next(connection.NextSlot));
            streams.Add(connection, call);
            dueTimes.Add(call, new Queue<long>(window));
        }

        var due = dueTimes[call];
        while (due.Count < window && connection.CanSend(call, workload.MessageSizeMax))
        {
            var length = workload.Write(call, connection.MessageRoom(workload.MessageSizeMax));
            connection.SendMessage(call, length, last: false);
            due.Enqueue(now);
        }
    }

    public void Finish(Http2Connection connection)
    {
        finished = true;
        connection.CloseSending(streams[connection]);
    }

    public void Message(Call call, ReadOnlySpan<byte> message)
    {
        var outcome = workload.Answered(call, message);
        if (outcome == Outcome.Failed)
            Tally.Fail("an answer in the stream is an error", dueTimes[call].Dequeue());
        else
            Tally.Count(outcome, dueTimes[call].Dequeue());
    }

    public void End(Call call, int grpcStatus, string grpcMessage)
    {
        if (grpcStatus != 0 || !finished || dueTimes[call].Count > 0)
            throw new IOException($"The stream ended early: status {grpcStatus}: {grpcMessage}");
    }
}
