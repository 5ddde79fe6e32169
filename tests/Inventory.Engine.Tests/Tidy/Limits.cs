namespace Inventory.Engine.Tests.Tidy;

/// <summary>How much a file may hold. These only ever tighten.</summary>
internal static class Limits
{
    public const int FileLinesMax = 300;
    public const int MethodLinesMax = 60;
    public const int LineColumnsMax = 120;

    /// <summary>A test's name is a sentence: at least so many words between underscores.</summary>
    public const int TestNameWordsMin = 3;
}
