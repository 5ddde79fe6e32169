using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

internal static class TestMethods
{
    private static readonly string[] Attributes = ["Test", "TestCase", "TestCaseSource", "Theory", "Property"];

    public static IEnumerable<MethodDeclarationSyntax> In(SourceFile file) =>
        file.IsTest
            ? file.All<MethodDeclarationSyntax>()
                .Where(m =>
                    m.AttributeLists.SelectMany(l => l.Attributes)
                        .Any(a => Attributes.Contains(TypeNames.Simple(a.Name)))
                )
            : [];
}
