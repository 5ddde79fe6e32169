namespace Inventory.Faults.Followers;

/// <summary>
/// What stands in the followers' way when the server is killed, so that it dies between two steps that belong together.
/// </summary>
internal enum Snare
{
    /// <summary>Nothing: it dies wherever it is.</summary>
    None,

    /// <summary>No day, no alert and no scan can be written: it dies before the effects of what it has read.</summary>
    Effects,

    /// <summary>No cursor can be moved: it dies behind the effects.</summary>
    Cursors,

    /// <summary>The broker is stopped: it dies with events sent and not confirmed.</summary>
    Broker,

    /// <summary>The subscriber does not answer: it dies with a delivery under way.</summary>
    Subscriber,
}
