namespace Inventory.Engine.Tests.Tidy;

internal sealed record Finding(string Path, int Line, string What)
{
    public override string ToString() => $"{Path}:{Line}: {What}";
}
