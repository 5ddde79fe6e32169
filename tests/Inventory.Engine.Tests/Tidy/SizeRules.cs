using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>Lines of SQL are not counted: a statement may be as long as it must.</summary>
internal static class SizeRules
{
    public static IEnumerable<TidyRule> All => [File, Method, Line];

    private static TidyRule File =>
        new($"A file has at most {Limits.FileLinesMax} lines", TidyRule.Each(LongFiles))
        {
            Bad = [Sample.Engine(Repeat("// why", Limits.FileLinesMax + 1))],
            Good =
            [
                Sample.Engine(Repeat("// why", Limits.FileLinesMax)),
                Sample.Engine(
                    $"class A {{ const string Sql = \"\"\"\n-- stock.add\n{Repeat("SELECT 1", 400)}\n\"\"\"; }}\n"
                ),
            ],
        };

    private static TidyRule Method =>
        new($"A method has at most {Limits.MethodLinesMax} lines", TidyRule.Each(LongMethods))
        {
            Bad =
            [
                Sample.Engine($"class A {{ void B()\n{{\n{Repeat("B();", Limits.MethodLinesMax - 2)}\n}} }}"),
                Sample.Engine($"class A {{ A()\n{{\n{Repeat("B();", Limits.MethodLinesMax - 2)}\n}} }}"),
                Sample.Engine($"class A {{ int B {{ get {{\n{Repeat("B();", Limits.MethodLinesMax)}\n}} }} }}"),
                Sample.Engine(Repeat("B();", Limits.MethodLinesMax + 1)),
            ],
            Good =
            [
                Sample.Engine($"class A {{ void B()\n{{\n{Repeat("B();", Limits.MethodLinesMax - 3)}\n}} }}"),
                Sample.Engine($"class A {{ {Repeat("void B() { }", Limits.MethodLinesMax + 1)} }}"),
                Sample.Engine(
                    $"class A {{ void B()\n{{ C(\"\"\"\n-- stock.add\n{Repeat("SELECT 1", 90)}\n\"\"\"); }} }}"
                ),
            ],
        };

    private static TidyRule Line =>
        new($"A line has at most {Limits.LineColumnsMax} columns", TidyRule.Each(LongLines))
        {
            Bad = [Sample.Engine($"// {new string('x', Limits.LineColumnsMax - 2)}\n")],
            Good =
            [
                Sample.Engine($"// {new string('x', Limits.LineColumnsMax - 3)}\n"),
                Sample.Engine(
                    $"class A {{ const string Sql = \"\"\"\n-- stock.add\nSELECT {new string('x', 200)}\n\"\"\"; }}\n"
                ),
            ],
        };

    private static IEnumerable<Finding> LongFiles(SourceFile file)
    {
        var lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1 - SqlText.Lines(file).Count;
        if (lines > Limits.FileLinesMax)
            yield return new Finding(file.Path, 1, $"{lines} lines");
    }

    private static IEnumerable<Finding> LongMethods(SourceFile file)
    {
        var sql = SqlText.Lines(file);
        return file.All<SyntaxNode>()
            .Where(n => n is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
            .Select(n => (Node: n, Lines: n.GetLocation().GetLineSpan()))
            .Concat(TopLevelStatements(file))
            .Select(n => (n.Node, Count: Count(n.Lines.StartLinePosition.Line, n.Lines.EndLinePosition.Line, sql)))
            .Where(n => n.Count > Limits.MethodLinesMax)
            .Select(n => file.At(n.Node, $"{n.Count} lines"));
    }

    private static IEnumerable<(SyntaxNode Node, FileLinePositionSpan Lines)> TopLevelStatements(SourceFile file)
    {
        var statements = file
            .Root.Members.OfType<GlobalStatementSyntax>()
            .Where(s => s.Statement is not LocalFunctionStatementSyntax);
        if (!statements.Any())
            yield break;
        var (first, last) = (
            statements.First().GetLocation().GetLineSpan(),
            statements.Last().GetLocation().GetLineSpan()
        );
        yield return (
            statements.First(),
            new FileLinePositionSpan(file.Path, first.StartLinePosition, last.EndLinePosition)
        );
    }

    private static int Count(int first, int last, HashSet<int> sql) =>
        Enumerable.Range(first, last - first + 1).Count(line => !sql.Contains(line));

    private static IEnumerable<Finding> LongLines(SourceFile file)
    {
        var sql = SqlText.Lines(file);
        return file
            .Lines.Select((text, index) => (Columns: text.TrimEnd('\r').Length, Index: index))
            .Where(l => l.Columns > Limits.LineColumnsMax && !sql.Contains(l.Index))
            .Select(l => new Finding(file.Path, l.Index + 1, $"{l.Columns} columns"));
    }

    private static string Repeat(string line, int times) => string.Join('\n', Enumerable.Repeat(line, times));
}
