namespace Inventory.Server.Security;

/// <summary>
/// What remembered callers rest on: the key that signed their token, or their API key. When it is withdrawn, none of
/// them is believed any more.
/// </summary>
internal sealed class Standing
{
    private volatile bool hasEnded;
    private volatile bool isUsed;

    public bool HasEnded => hasEnded;

    public void End() => hasEnded = true;

    /// <summary>Costs a read on all calls but the first since it was last asked.</summary>
    public void Use()
    {
        if (!isUsed)
        {
            isUsed = true;
        }
    }

    /// <summary>Whether it was used since this was last asked.</summary>
    public bool TakeUse()
    {
        var was = isUsed;
        isUsed = false;
        return was;
    }
}
