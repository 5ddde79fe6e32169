using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>A file that somebody wrote, by its path from the repository's root, with forward slashes.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<SyntaxTree> tree = new(() => CSharpSyntaxTree.ParseText(Text));

    public SyntaxTree Tree => tree.Value;
    public CompilationUnitSyntax Root => Tree.GetCompilationUnitRoot();
    public string[] Lines => Text.Split('\n');

    /// <summary>The project's folder, as in src/Inventory.Engine.</summary>
    public string Project => string.Join('/', Path.Split('/').Take(2));

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);
    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);
    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);
    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal) && !IsStandIn;
    public bool IsEngine => Path.StartsWith("src/Inventory.Engine/", StringComparison.Ordinal);

    /// <summary>Where a statement without parameters (CREATE, COPY …) may name its object from a variable.</summary>
    public bool MayComposeUtility => !IsEngine || Slice == "Database";

    /// <summary>The gRPC API has gRPC's names, not ours.</summary>
    public bool IsStandIn => Path.StartsWith("src/grpc-api/", StringComparison.Ordinal);

    /// <summary>The folder below the project, as in src/Inventory.Engine/Stock; null beside the project.</summary>
    public string? Slice => Path.Split('/') is [_, _, var folder, _, ..] ? folder : null;

    public IEnumerable<TNode> All<TNode>()
        where TNode : SyntaxNode => Root.DescendantNodes().OfType<TNode>();

    public Finding At(SyntaxNode node, string what) => At(node.GetLocation(), what);

    public Finding At(SyntaxToken token, string what) => At(token.GetLocation(), what);

    public Finding At(Location location, string what) =>
        new(Path, location.GetLineSpan().StartLinePosition.Line + 1, what);
}
