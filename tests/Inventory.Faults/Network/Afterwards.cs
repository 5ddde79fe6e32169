namespace Inventory.Faults.Network;

/// <summary>What becomes of a connection whose answer was swallowed or whose request was lost.</summary>
public enum Afterwards
{
    /// <summary>Both sides get a reset: they know at once that the connection is gone.</summary>
    Reset,

    /// <summary>Both sides keep a connection on which nothing ever passes again, as behind a dead switch.</summary>
    Silence,
}
