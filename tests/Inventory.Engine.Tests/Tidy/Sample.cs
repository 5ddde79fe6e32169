namespace Inventory.Engine.Tests.Tidy;

/// <summary>A small repository in memory.</summary>
internal sealed record Sample(params IReadOnlyList<SourceFile> Files)
{
    public static Sample Engine(string text) => At("src/Inventory.Engine/Stock/Sample.cs", text);

    public static Sample Test(string text) => At("tests/Inventory.Engine.Tests/Sample.cs", text);

    public static Sample At(string path, string text) => new([new SourceFile(path, text)]);

    public Sample And(string path, string text) => new([.. Files, new SourceFile(path, text)]);
}
