namespace Inventory.Engine.Journal.Followers;

/// <summary>What a step came to, and so when the next one is due. Append only; a number is never used again.</summary>
public enum FollowerStep
{
    /// <summary>Another node has the lease.</summary>
    Standby = 1,

    /// <summary>All there was when the step began has been handled.</summary>
    Idle = 2,

    /// <summary>There is more, or may be: at once.</summary>
    More = 3,

    /// <summary>A row failed alone; it is tried again after a pause.</summary>
    Failed = 4,

    /// <summary>What the follower needs is away; the same rows come again after a pause.</summary>
    Away = 5,
}
