namespace Inventory.Testing;

/// <summary>Names for what a test leaves on disk while it runs.</summary>
public static class Scratch
{
    /// <summary>A path that nothing has, under the system's folder for temporary files.</summary>
    public static string NewPath(string purpose) =>
        Path.Combine(Path.GetTempPath(), $"inventory-{purpose}-{Guid.NewGuid():n}");
}
