using Inventory.Engine.Database;

namespace Inventory.Engine.Journal.Snapshots;

/// <summary>A snapshot to make.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="RequestId">1 to 64 characters.</param>
/// <param name="Note">What it is for; none or up to 200 characters.</param>
public sealed record NewSnapshot(Actor Caller, string RequestId, string? Note)
{
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.CreateSnapshot);
        content.Text(Note ?? "");
        return content.ToFingerprint();
    }
}
