namespace Inventory.Engine.Tests.Tidy;

/// <summary>One rule of the house, with samples that it must catch and samples that it must let pass.</summary>
internal sealed record TidyRule(string Name, Func<IReadOnlyList<SourceFile>, IEnumerable<Finding>> Find)
{
    public required IReadOnlyList<Sample> Bad { get; init; }
    public required IReadOnlyList<Sample> Good { get; init; }

    /// <summary>A rule that looks at one C# file at a time.</summary>
    public static Func<IReadOnlyList<SourceFile>, IEnumerable<Finding>> Each(
        Func<SourceFile, IEnumerable<Finding>> find
    ) => files => files.Where(f => f.IsCSharp).SelectMany(find);

    public override string ToString() => Name;
}
