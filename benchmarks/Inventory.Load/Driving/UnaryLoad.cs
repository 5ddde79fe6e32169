using Inventory.Load.Http2;

namespace Inventory.Load.Driving;

/// <summary>One call, one answer; each slot of a connection is used again as soon as it is free.</summary>
internal sealed class UnaryLoad(IWorkload workload, Pace pace) : ILoad
{
    public Tally Tally { get; } = new();

    public Pace Pace { get; } = pace;

    public void Fill(Http2Connection connection, long now)
    {
        while (connection.CanOpen(workload.MessageSizeMax) && Pace.TryTake(now, out var due))
        {
            var call = connection.Open(workload.Next(connection.NextSlot));
            call.Due = due;
            call.Outcome = Outcome.Failed;
            var length = workload.Write(call, connection.MessageRoom(workload.MessageSizeMax));
            connection.SendMessage(call, length, last: true);
        }
    }

    public void Finish(Http2Connection connection) { }

    public void Message(Call call, ReadOnlySpan<byte> message) => call.Outcome = workload.Answered(call, message);

    public void End(Call call, int grpcStatus, string grpcMessage)
    {
        if (grpcStatus == 0 && call.Outcome != Outcome.Failed)
            Tally.Count(call.Outcome, call.Due);
        else if (workload.IsRefusal(grpcStatus))
            Tally.Count(Outcome.Refused, call.Due);
        else
            Tally.Fail(
                grpcStatus == 0
                    ? "OK, but a replay or not in the expected state"
                    : $"status {grpcStatus}: {grpcMessage}",
                call.Due
            );
    }
}
