using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>Types are closed, stand alone in their file, and are not hidden behind an interface of their own.</summary>
internal static class TypeRules
{
    public static IEnumerable<TidyRule> All => [Sealed, Interfaces, Files];

    private static TidyRule Sealed =>
        new("A class is sealed unless something derives from it", OpenTypes)
        {
            Bad =
            [
                Sample.Engine("class A;"),
                Sample.Engine("public record A(int B);"),
                Sample.Engine("sealed class A { class B; }"),
                Sample.Engine("partial class A;").And("src/Inventory.Engine/Stock/B.cs", "partial class A;"),
                Sample.Engine("class A; sealed class B : IA;"),
            ],
            Good =
            [
                Sample.Engine("sealed class A; static class B; abstract class C; record struct D; struct E;"),
                Sample.Engine("class A; sealed class B : A;"),
                Sample.At("benchmarks/A.cs", "class A { [Benchmark] public void B() { } }"),
                Sample.Engine("class A<T>; sealed class B : Other.A<int>, IDisposable;"),
                Sample.Engine("sealed partial class A;").And("src/Inventory.Engine/Stock/B.cs", "partial class A;"),
                Sample.At("src/grpc-api/Grpc.Core.Api/A.cs", "public class A;"),
            ],
        };

    private static TidyRule Interfaces =>
        new("An interface has at least two implementations", LonelyInterfaces)
        {
            Bad =
            [
                Sample.Engine("interface IStock; sealed class Stock : IStock;"),
                Sample.Engine("interface IStock;"),
                Sample
                    .Engine("interface IStock; sealed class Stock : IStock;")
                    .And("tests/Inventory.Engine.Tests/FakeStock.cs", "sealed class FakeStock : IStock;"),
            ],
            Good =
            [
                Sample.Engine(
                    "interface IBatch<T>; sealed class A : IBatch<int>; sealed class B : Batching.IBatch<long>;"
                ),
                Sample.Engine("interface ICount; record struct A : ICount; record struct B : ICount;"),
            ],
        };

    private static TidyRule Files =>
        new("A file holds one type with methods, and is named for a type in it", TidyRule.Each(CrowdedFiles))
        {
            Bad =
            [
                Sample.Engine("sealed class Sample { void B() { } } sealed class C { void D() { } }"),
                Sample.Engine("sealed class Other;"),
            ],
            Good =
            [
                Sample.Engine(
                    "sealed class Sample { void B() { } } sealed record C(int D); enum E { F } delegate void G();"
                ),
                Sample.Engine("sealed class Sample { void B() { } } file sealed class C { void D() { } }"),
                Sample.At("src/Inventory.Engine/Stock/Sample.Sql.cs", "sealed partial class Sample;"),
                Sample.At("src/Inventory.Server/Program.cs", "return 0;"),
                Sample.At(
                    "src/grpc-api/Grpc.Core.Api/Streams.cs",
                    "interface IA { void B(); } class C { int D() => 1; }"
                ),
                Sample.At("tests/Inventory.Faults/AssemblySetup.cs", "[assembly: Parallelizable]"),
            ],
        };

    private static IEnumerable<Finding> OpenTypes(IReadOnlyList<SourceFile> files)
    {
        var code = files.Where(f => f.IsCSharp).ToArray();
        var bases = code.SelectMany(f => f.All<BaseTypeSyntax>()).Select(b => TypeNames.Simple(b.Type)).ToHashSet();
        var classes = code.SelectMany(f =>
                f.All<TypeDeclarationSyntax>().Where(IsClass).Select(t => (File: f, Type: t))
            )
            .ToArray();
        var closed = classes.Where(c => IsClosed(c.Type)).Select(c => FullName(c.Type)).ToHashSet();
        return classes
            .Where(c => !closed.Contains(FullName(c.Type)) && !bases.Contains(c.Type.Identifier.Text))
            // What gRPC leaves open for its callers stays open in the stand-ins.
            .Where(c => !(c.File.IsStandIn && c.Type.Modifiers.Any(SyntaxKind.PublicKeyword)))
            // BenchmarkDotNet derives from a class of benchmarks in the code that it generates.
            .Where(c => !IsMeasured(c.Type))
            .Select(c => c.File.At(c.Type.Identifier, c.Type.Identifier.Text));
    }

    private static bool IsMeasured(TypeDeclarationSyntax type) =>
        type
            .Members.SelectMany(m => m.AttributeLists)
            .SelectMany(list => list.Attributes)
            .Any(a => TypeNames.Simple(a.Name) == "Benchmark");

    private static bool IsClass(TypeDeclarationSyntax type) =>
        type is ClassDeclarationSyntax || type.IsKind(SyntaxKind.RecordDeclaration);

    private static bool IsClosed(TypeDeclarationSyntax type) =>
        type.Modifiers.Any(m =>
            m.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword or SyntaxKind.AbstractKeyword
        );

    private static string FullName(TypeDeclarationSyntax type) =>
        string.Join('.', type.AncestorsAndSelf().Reverse().Select(NamePart).Where(n => n.Length > 0));

    private static string NamePart(SyntaxNode node) =>
        node switch
        {
            BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
            TypeDeclarationSyntax type => $"{type.Identifier.Text}`{type.TypeParameterList?.Parameters.Count ?? 0}",
            _ => "",
        };

    private static IEnumerable<Finding> LonelyInterfaces(IReadOnlyList<SourceFile> files)
    {
        // An implementation in a test is a mock of what we own, and doesn't count.
        var product = files.Where(f => f.IsCSharp && f.IsProduct).ToArray();
        var implemented = product.SelectMany(f => f.All<BaseTypeSyntax>()).ToLookup(b => TypeNames.Simple(b.Type));
        return product.SelectMany(f =>
            f.All<InterfaceDeclarationSyntax>()
                .Where(i => implemented[i.Identifier.Text].Count() < 2)
                .Select(i => f.At(i.Identifier, i.Identifier.Text))
        );
    }

    private static IEnumerable<Finding> CrowdedFiles(SourceFile file)
    {
        var types = file.All<BaseTypeDeclarationSyntax>().Where(IsTopLevel).ToArray();
        foreach (var type in types.Where(HasMethods).Skip(1))
            yield return file.At(
                type.Identifier,
                $"{type.Identifier.Text} beside {types.First(HasMethods).Identifier.Text}"
            );
        var names = types
            .Select(t => t.Identifier.Text)
            .Concat(file.All<DelegateDeclarationSyntax>().Select(d => d.Identifier.Text))
            .ToArray();
        var name = Path.GetFileName(file.Path).Split('.')[0];
        if (names.Length > 0 && !names.Contains(name) && name != "Program" && !file.IsStandIn)
            yield return new Finding(file.Path, 1, $"no type {name}");
    }

    private static bool IsTopLevel(BaseTypeDeclarationSyntax type) =>
        type.Parent is not BaseTypeDeclarationSyntax && !type.Modifiers.Any(SyntaxKind.FileKeyword);

    private static bool HasMethods(BaseTypeDeclarationSyntax type) =>
        type is TypeDeclarationSyntax { Members: var members }
        && type is not InterfaceDeclarationSyntax
        && members
            .OfType<MethodDeclarationSyntax>()
            .Any(m => !m.Modifiers.Any(SyntaxKind.OverrideKeyword) && HasBody(m));

    private static bool HasBody(MethodDeclarationSyntax method) =>
        (method.Body ?? (object?)method.ExpressionBody) is not null;
}
