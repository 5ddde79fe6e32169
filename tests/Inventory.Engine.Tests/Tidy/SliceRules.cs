using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>A change to one operation touches one folder. What may lean on what is written here only.</summary>
internal static class SliceRules
{
    public static IEnumerable<TidyRule> All => [Apart, Cache, Edge];

    private const string Project = "src/Inventory.Engine/Inventory.Engine.csproj";
    private const string Root = "Inventory.Engine";

    private static readonly string[] Shared = ["Database", "Batching", "Telemetry"];

    /// <summary>
    /// The reserve path ends due holds before it refuses, so it leans on expiry. What follows the journal leans on its
    /// follower. A transfer does both: it ends due holds before it refuses, and begins the stock row where it goes. A
    /// return is counted against its reservation, and may begin a stock row. So may goods that were reordered, and a
    /// scan. A count may find what has no row yet, and its approval ends due holds before it refuses. What the journal
    /// proves is recorded by who mends what it disproves.
    /// </summary>
    private static readonly (string From, string To)[] Allowed =
    [
        ("Reservations", "Expiry"),
        ("Availability", "Journal"),
        ("Transfers", "Expiry"),
        ("Transfers", "Stock"),
        ("Counts", "Expiry"),
        ("Counts", "Stock"),
        ("Returns", "Reservations"),
        ("Returns", "Stock"),
        ("Scans", "Stock"),
        ("Reservations", "Journal"),
        ("Replenishment", "Stock"),
        ("Alerts", "Journal"),
        ("Integrity", "Journal"),
    ];

    private static readonly string[] Foreign =
    [
        "Grpc",
        "Google.Protobuf",
        "Microsoft.AspNetCore",
        "System.Net.Http",
        "Quartz",
        "StackExchange.Redis",
        "Inventory.Server",
        "Inventory.Protos",
        "Inventory.V1",
    ];

    private static TidyRule Apart =>
        new("Engine slices share only Database, Batching and Telemetry", CrossedSlices)
        {
            Bad =
            [
                Slice("Catalog", "using Inventory.Engine.Stock; class A;").And(In("Stock"), "class B;"),
                Slice("Catalog", "using B = Inventory.Engine.Stock.B; class A;").And(In("Stock"), "class B;"),
                Slice("Catalog", "class A { Stock.B b; }").And(In("Stock"), "class B;"),
                Slice("Catalog", "class A { int b = Stock.B.C; }").And(In("Stock"), "class B;"),
                Slice("Catalog", "class A { object b = new global::Inventory.Engine.Stock.B(); }")
                    .And(In("Stock"), "class B;"),
                Slice("Database", "using Inventory.Engine.Stock; class A;").And(In("Stock"), "class B;"),
                Slice("Expiry", "using Inventory.Engine.Reservations; class A;").And(In("Reservations"), "class B;"),
                Sample
                    .At("src/Inventory.Engine/Usings.cs", "global using Inventory.Engine.Stock;")
                    .And(In("Stock"), "class B;"),
            ],
            Good =
            [
                Slice("Catalog", "using Inventory.Engine.Database; class A { Batching.B b; }")
                    .And(In("Batching"), "class B;"),
                Slice("Catalog", "using Inventory.Engine.Catalog.Parts; class A { Stock.C c; }")
                    .And(In("Stock"), "class B;"),
                Slice("Reservations", "using Inventory.Engine.Expiry; class A { Expiry.B b; }")
                    .And(In("Expiry"), "class B;"),
                Sample
                    .At("src/Inventory.Engine/Engine.cs", "using Inventory.Engine.Stock; class Engine;")
                    .And(In("Stock"), "class B;"),
            ],
        };

    private static TidyRule Cache =>
        new("No grant reads the cache: Reservations never names Availability", TidyRule.Each(CacheReads))
        {
            Bad =
            [
                Slice("Reservations", "using Inventory.Engine.Availability; class A;"),
                Slice("Reservations", "class A { Availability.B b; }"),
                Slice("Reservations", "class A(AvailabilityCache cache);"),
            ],
            Good =
            [
                Slice("Reservations", "class A { int Available; }"),
                Slice("Availability", "class AvailabilityCache;"),
            ],
        };

    private static TidyRule Edge =>
        new("The engine knows no gRPC, no HTTP, no job runner and no cache client", ForeignParts)
        {
            Bad =
            [
                Sample.Engine("using Grpc.Core; class A;"),
                Sample.Engine("using Microsoft.AspNetCore.Http; class A;"),
                Sample.Engine("class A { Google.Protobuf.IMessage B; }"),
                Referring("PackageReference", "Grpc.Tools"),
                Referring("FrameworkReference", "Microsoft.AspNetCore.App"),
                Referring("ProjectReference", "../Inventory.Server/Inventory.Server.csproj"),
                Sample.At(Project, "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />"),
            ],
            Good =
            [
                Sample.Engine("using Npgsql; using System.Net; class A { Grpcish.B b; }"),
                Sample.At("src/Inventory.Server/A.cs", "using Grpc.Core; class A;"),
                Referring("PackageReference", "Npgsql"),
            ],
        };

    private static IEnumerable<Finding> CrossedSlices(IReadOnlyList<SourceFile> files)
    {
        var engine = files.Where(f => f.IsCSharp && f.IsEngine).ToArray();
        var slices = engine
            .Where(f => f.Slice is not null)
            .ToLookup(f => f.Slice!, f => f.All<BaseTypeDeclarationSyntax>().Select(t => t.Identifier.Text));
        return engine.SelectMany(f => Crossings(f, slices));
    }

    private static IEnumerable<Finding> Crossings(SourceFile file, ILookup<string, IEnumerable<string>> slices)
    {
        foreach (var directive in file.All<UsingDirectiveSyntax>())
            if (
                SliceOf(directive.NamespaceOrType.ToString()) is { } used
                && !MayUse(file, used, directive.GlobalKeyword)
            )
                yield return file.At(directive, directive.ToString());
        foreach (var name in file.All<ExpressionSyntax>().Where(IsOutermostName))
        {
            var full = name.ToString();
            // From within the engine `Stock.AddStock` reaches a type of another slice without any using.
            var used =
                SliceOf(full)
                ?? (full.Split('.') is [var s, var type, ..] && slices[s].Any(t => t.Contains(type)) ? s : null);
            if (used is not null && file.Slice is not null && !MayUse(file, used, default))
                yield return file.At(name, full);
        }
    }

    private static bool IsOutermostName(ExpressionSyntax name) =>
        name is QualifiedNameSyntax or MemberAccessExpressionSyntax
        && name.Parent
            is not (
                QualifiedNameSyntax
                or MemberAccessExpressionSyntax
                or UsingDirectiveSyntax
                or BaseNamespaceDeclarationSyntax
            );

    private static string? SliceOf(string name) =>
        name.Replace("global::", "", StringComparison.Ordinal) is var full
        && full.StartsWith(Root + ".", StringComparison.Ordinal)
            ? full.Split('.')[2]
            : null;

    private static bool MayUse(SourceFile file, string used, SyntaxToken globally) =>
        file.Slice is null
            // A file beside the project may put the slices together, but not open one to all others.
            ? !globally.IsKind(SyntaxKind.GlobalKeyword)
            : used == file.Slice || Shared.Contains(used) || Allowed.Contains((file.Slice, used));

    private static IEnumerable<Finding> CacheReads(SourceFile file) =>
        file is { IsEngine: true, Slice: "Reservations" }
            ? file.All<SimpleNameSyntax>()
                .Where(n => n.Identifier.Text.StartsWith("Availability", StringComparison.Ordinal))
                .Select(n => file.At(n, n.Identifier.Text))
            : [];

    private static IEnumerable<Finding> ForeignParts(IReadOnlyList<SourceFile> files)
    {
        var engine = files.Where(f => f.IsEngine).ToArray();
        var names = engine.Where(f => f.IsCSharp).SelectMany(ForeignNames);
        return names.Concat(engine.Where(f => f.IsProject).SelectMany(ForeignReferences));
    }

    private static IEnumerable<Finding> ForeignNames(SourceFile file)
    {
        var usings = file.All<UsingDirectiveSyntax>().Select(u => u.NamespaceOrType).OfType<SyntaxNode>();
        return usings
            .Concat(file.All<ExpressionSyntax>().Where(IsOutermostName))
            .Where(n => IsForeign(n.ToString()))
            .Select(n => file.At(n, n.ToString()));
    }

    private static IEnumerable<Finding> ForeignReferences(SourceFile file)
    {
        var project = XDocument.Parse(file.Text).Root!;
        var references = project
            .Descendants()
            .Where(e => e.Name.LocalName.EndsWith("Reference", StringComparison.Ordinal))
            .Select(e => (string?)e.Attribute("Include") ?? "")
            .Select(r => r.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(r) : r)
            .Where(IsForeign);
        var sdk = (string?)project.Attribute("Sdk");
        return references
            .Concat(sdk == "Microsoft.NET.Sdk" ? [] : [$"{sdk}"])
            .Select(r => new Finding(file.Path, 1, r));
    }

    private static bool IsForeign(string name)
    {
        var full = name.Replace("global::", "", StringComparison.Ordinal);
        return Foreign.Any(f => full == f || full.StartsWith($"{f}.", StringComparison.Ordinal));
    }

    private static Sample Slice(string slice, string text) => Sample.At($"src/Inventory.Engine/{slice}/A.cs", text);

    private static Sample Referring(string kind, string target) =>
        Sample.At(Project, $"<Project Sdk=\"Microsoft.NET.Sdk\"><A><{kind} Include=\"{target}\" /></A></Project>");

    private static string In(string slice) => $"src/Inventory.Engine/{slice}/B.cs";
}
