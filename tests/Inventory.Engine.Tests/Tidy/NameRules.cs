using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>Our own names say what a thing is. What derives from a framework's type keeps that type's suffix.</summary>
internal static partial class NameRules
{
    public static IEnumerable<TidyRule> All => [Types, Services, Tests];

    /// <summary>Never a word of a type's, file's or folder's name.</summary>
    private static readonly string[] Words =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Utilities",
        "Processor",
        "Handler",
    ];

    /// <summary>Never its last word; before another word they may be the field's own, as in a data directory.</summary>
    private static readonly string[] LastWords = ["Info", "Data"];

    private static TidyRule Types =>
        new("No type is named Manager, Helper, Utils, Processor, Handler, Info or Data", TidyRule.Each(VagueNames))
        {
            Bad =
            [
                Sample.Engine("class StockManager;"),
                Sample.Engine("class StockHelpers;"),
                Sample.Engine("record StockInfo(int A);"),
                Sample.Engine("struct StockData;"),
                Sample.Engine("enum HandlerKind { A }"),
                Sample.Engine("class StockHandler : Reserving;"),
                Sample.At("src/Inventory.Engine/Utils/Stock.cs", "class Stock;"),
                Sample.At("src/Inventory.Engine/Stock/StockUtils.cs", "class Stock;"),
            ],
            Good =
            [
                Sample.Engine("class Database;"),
                Sample.Engine("class TracingHandler : DelegatingHandler;"),
                Sample.Engine("class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>;"),
                Sample.Engine("class DataDirectory { int errorInfo; }"),
                Sample.At("src/grpc-api/Grpc.Core.Api/AuthData.cs", "class AuthData;"),
            ],
        };

    private static TidyRule Services =>
        new("Only a gRPC service is named Service", TidyRule.Each(FalseServices))
        {
            Bad = [Sample.Engine("class StockService;"), Sample.Engine("interface IStockService;")],
            Good =
            [
                Sample.At(
                    "src/Inventory.Server/Services/StockService.cs",
                    "class StockService : V1.StockService.StockServiceBase;"
                ),
                Sample.Engine("class HealthService : Health.HealthBase;"),
                Sample.Engine("class SweepService : BackgroundService;"),
                Sample.Engine("class StockServiceTests;"),
            ],
        };

    private static TidyRule Tests =>
        new("A test's name is a sentence", TidyRule.Each(TersestNames))
        {
            Bad =
            [
                Sample.Test("class ATests { [Test] public void ReserveWorks() { } }"),
                Sample.Test("class ATests { [TestCase(1)] public void Reserve_ok(int a) { } }"),
            ],
            Good =
            [
                Sample.Test("class ATests { [Test] public void A_replay_is_granted() { } }"),
                Sample.Test("class ATests { public void Reserve() { } }"),
            ],
        };

    private static IEnumerable<Finding> VagueNames(SourceFile file)
    {
        if (file.IsStandIn)
            return [];
        var types = file.All<BaseTypeDeclarationSyntax>()
            .Where(t => IsVague(t.Identifier.Text) && !KeepsSuffix(t))
            .Select(t => file.At(t.Identifier, t.Identifier.Text));
        var delegates = file.All<DelegateDeclarationSyntax>()
            .Where(d => IsVague(d.Identifier.Text))
            .Select(d => file.At(d.Identifier, d.Identifier.Text));
        // A file may be named for a type that keeps its suffix; all other parts of the path are our own words.
        var kept = file.All<BaseTypeDeclarationSyntax>().Where(KeepsSuffix).Select(t => t.Identifier.Text).ToHashSet();
        var path = file
            .Path.Split('/', '.')
            .Where(part => IsVague(part) && !kept.Contains(part))
            .Select(part => new Finding(file.Path, 1, part));
        return types.Concat(delegates).Concat(path);
    }

    private static bool IsVague(string name)
    {
        var words = Word().Matches(name).Select(m => m.Value).ToArray();
        return words.Intersect(Words).Any() || (words.Length > 0 && LastWords.Contains(words[^1]));
    }

    private static bool KeepsSuffix(BaseTypeDeclarationSyntax type)
    {
        var suffix = Word().Matches(type.Identifier.Text).LastOrDefault()?.Value;
        return suffix is not null && BaseNames(type).Any(b => b.EndsWith(suffix, StringComparison.Ordinal));
    }

    private static IEnumerable<Finding> FalseServices(SourceFile file) =>
        file.IsStandIn
            ? []
            : file.All<BaseTypeDeclarationSyntax>()
                .Where(t => t.Identifier.Text.EndsWith("Service", StringComparison.Ordinal))
                .Where(t => !BaseNames(t).Any(b => GrpcBase().IsMatch(b)) && !KeepsSuffix(t))
                .Select(t => file.At(t.Identifier, t.Identifier.Text));

    private static IEnumerable<Finding> TersestNames(SourceFile file) =>
        TestMethods
            .In(file)
            .Where(m => m.Identifier.Text.Split('_').Length < Limits.TestNameWordsMin)
            .Select(m => file.At(m.Identifier, m.Identifier.Text));

    private static IEnumerable<string> BaseNames(BaseTypeDeclarationSyntax type) =>
        type.BaseList?.Types.Select(b => TypeNames.Simple(b.Type)) ?? [];

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")]
    private static partial Regex Word();

    [GeneratedRegex("^[A-Z][A-Za-z]*Base$")]
    private static partial Regex GrpcBase();
}
