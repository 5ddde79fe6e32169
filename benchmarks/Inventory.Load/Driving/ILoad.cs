using Inventory.Load.Http2;

namespace Inventory.Load.Driving;

/// <summary>Keeps connections busy in one way, and counts what they answer.</summary>
internal interface ILoad : ICallAnswers
{
    Tally Tally { get; }

    Pace Pace { get; }

    /// <summary>Starts what is due and fits.</summary>
    void Fill(Http2Connection connection, long now);

    /// <summary>Asked once, when no more calls shall start.</summary>
    void Finish(Http2Connection connection);
}
