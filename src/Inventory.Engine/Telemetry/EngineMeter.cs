namespace Inventory.Engine.Telemetry;

/// <summary>The name under which the engine's instruments are found.</summary>
public static class EngineMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Inventory.Engine";
}
