using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>SQL is stable text that names itself: what Npgsql prepares, and pg_stat_statements shows.</summary>
internal static class SqlRules
{
    public static IEnumerable<TidyRule> All => [ComposedSqlRule.Rule, Held, Stars];

    private static TidyRule Held =>
        new("SQL is a const named Sql, a raw literal whose first line is -- slice.operation", TidyRule.Each(UnnamedSql))
        {
            Bad =
            [
                Sample.Engine("class A { const string Sql = \"SELECT 1\"; }"),
                Sample.Engine("class A { const string Sql = \"\"\"\nSELECT 1 FROM stock\n\"\"\"; }"),
                Sample.Engine("class A { const string Sql = \"\"\"\n-- sales.add\nSELECT 1 FROM stock\n\"\"\"; }"),
                Sample.Engine("class A { const string Query = \"\"\"\n-- stock.add\nSELECT 1 FROM stock\n\"\"\"; }"),
                Sample.Engine("class A { static string Sql = \"\"\"\n-- stock.add\nSELECT 1 FROM stock\n\"\"\"; }"),
                Sample.Engine("class A { const string LockSql = Sql; }"),
                Sample.Engine("class A { Task B(Connection c) => c.QueryAsync(\"SELECT count(*) FROM stock\"); }"),
                Sample.Engine("class A { string B => \"LOCK TABLE stock\"; }"),
                Sample.At("src/Inventory.Server/Demo/A.cs", "class A { const string Sql = \"SELECT 1\"; }"),
            ],
            Good =
            [
                Sample.Engine("class A { const string Sql = \"\"\"\n-- stock.add\nSELECT 1 FROM stock\n\"\"\"; }"),
                Sample.Engine("class A { const string LockSql = \"\"\"\n-- stock.lock\nSELECT 1 FROM stock\n\"\"\"; }"),
                Sample.At(
                    "src/Inventory.Server/Embedded/A.cs",
                    "class A { string B => \"CREATE DATABASE inventory\"; }"
                ),
                Sample.Test("class A { string B => \"SELECT count(*) FROM stock\"; }"),
            ],
        };

    private static TidyRule Stars =>
        new("No SELECT * over a table", TidyRule.Each(StarSelects))
        {
            Bad =
            [
                Sample.Engine("class A { string B = \"SELECT * FROM stock\"; }"),
                Sample.Engine("class A { string B = \"SELECT s.* FROM stock s\"; }"),
                Sample.Engine("class A { string B = \"SELECT s.a, s.* FROM line l JOIN stock AS s ON true\"; }"),
                Sample.Engine("class A { string B = \"SELECT 1, * FROM stock\"; }"),
                Sample.Engine("class A { string B = \"DELETE FROM stock RETURNING *\"; }"),
                Sample.Engine("class A { string B = \"WITH a AS (SELECT * FROM stock) SELECT a.b FROM a\"; }"),
                Sample.Test("class A { string B = \"SELECT * FROM stock\"; }"),
            ],
            Good =
            [
                Sample.Engine("class A { string B = \"SELECT count(*), 2 * 3 FROM stock\"; }"),
                Sample.Engine("class A { string B = \"SELECT * FROM unnest(@A::int[]) AS l (a), stock s\"; }"),
                Sample.Engine(
                    "class A { string B = \"WITH a AS (SELECT 1 AS b) SELECT a.*, s.c FROM a JOIN stock s\"; }"
                ),
                Sample.Engine("class A { string B = \"WITH a AS (SELECT b FROM stock) SELECT * FROM a\"; }"),
                Sample.Engine("class A { string B = \"SELECT q.* FROM (SELECT a FROM stock) AS q\"; }"),
            ],
        };

    private static IEnumerable<Finding> UnnamedSql(SourceFile file)
    {
        if (!file.IsProduct)
            return [];
        var strays = SqlText
            .Literals(file)
            .Where(l => !(file.MayComposeUtility && SqlText.IsUtility(l.Token.ValueText)))
            .Where(l => !(l.Parent?.Parent is VariableDeclaratorSyntax v && IsSqlConst(v)))
            .Select(l => file.At(l, l.ToString().Split('\n')[0]));
        var unnamed = file.All<VariableDeclaratorSyntax>()
            .Where(v => IsSqlConst(v) && !IsNamed(v.Initializer?.Value, file.Slice))
            .Select(v => file.At(v, v.Identifier.Text));
        return strays.Concat(unnamed);
    }

    private static bool IsSqlConst(VariableDeclaratorSyntax variable) =>
        variable.Identifier.Text.EndsWith("Sql", StringComparison.Ordinal)
        && variable.Parent?.Parent is FieldDeclarationSyntax field
        && field.Modifiers.Any(SyntaxKind.ConstKeyword);

    private static bool IsNamed(ExpressionSyntax? value, string? slice) =>
        value is LiteralExpressionSyntax literal
        && SqlText.IsRaw(literal)
        && SqlText.Slice(literal.Token.ValueText) is { } named
        && (slice is null || named.Equals(slice, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Finding> StarSelects(SourceFile file) =>
        SqlText
            .Literals(file)
            .SelectMany(l => SqlText.StarsOverTables(l.Token.ValueText).Select(star => file.At(l, star)));
}
