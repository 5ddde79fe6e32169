using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>
/// Text that changes is never prepared, and a value in it is an injection. Only statements in which PostgreSQL takes no
/// parameters may name their objects so, and in the engine only where the schema is made.
/// </summary>
internal static class ComposedSqlRule
{
    private static readonly string[] Builders =
    [
        "Format",
        "Concat",
        "Join",
        "Append",
        "AppendLine",
        "Insert",
        "Replace",
    ];
    private static readonly string[] Commands = ["NpgsqlCommand", "NpgsqlBatchCommand", "CommandDefinition"];

    public static TidyRule Rule =>
        new("No SQL is put together from pieces", TidyRule.Each(ComposedSql))
        {
            Bad =
            [
                Sample.Engine("class A { string B(int c) => $\"SELECT a FROM stock WHERE stock_id = {c}\"; }"),
                Sample.Engine(
                    "class A { string B(int c) => $\"\"\"\n-- stock.add\nUPDATE stock SET a = {c}\n\"\"\"; }"
                ),
                Sample.Engine("class A { string B(string c) => \"DELETE FROM \" + c; }"),
                Sample.Engine("class A { string B(string c) => c + \"INSERT INTO stock \" + \"SELECT \" + c; }"),
                Sample.Engine("class A { string B(string c) => string.Format(\"SELECT {0} FROM stock\", c); }"),
                Sample.Engine("class A { void B(StringBuilder c) => c.Append(\"SELECT a FROM stock\"); }"),
                Sample.Engine("class A { string B(string c) => Sql + c; }"),
                Sample.Engine("class A { string B(string c) => $\"{LockSql}; {c}\"; }"),
                Sample.Engine("class A { string B(string c) => Sql.Replace(\"stock\", c); }"),
                Sample.Engine("class A { void B(Command c, string d) => c.CommandText = $\"select {d}\"; }"),
                Sample.Engine("class A { object B(string c) => new NpgsqlCommand($\"{c}\", connection); }"),
                Sample.Engine("class A { Task B(Connection c, string d) => c.QueryAsync<int>($\"{d}\"); }"),
                Sample.Engine("class A { string B(string c) => $\"CREATE TABLE {c} (a int)\"; }"),
                Sample.Test("class A { string B(int c) => $\"SELECT a FROM stock WHERE stock_id = {c}\"; }"),
            ],
            Good =
            [
                Sample.Engine("class A { const string Sql = \"SELECT 1\"; Task B(C c) => c.QueryAsync(Sql); }"),
                Sample.Engine("class A { string B(int c) => $\"Update {c} failed\" + \" WITH nothing done\"; }"),
                Sample.Engine("class A { void B(Log log, int c) => log.Write($\"SELECTED {c}\"); }"),
                Sample.At("src/Inventory.Engine/Database/A.cs", "class A { string B(C c) => $\"CREATE SCHEMA {c}\"; }"),
                Sample.Test("class A { string B(string c) => $\"CREATE DATABASE {c} TEMPLATE {d}\"; }"),
                Sample.Test("class A { Task B(C c, string sql) => c.QueryAsync(\"EXPLAIN (COSTS off) \" + sql); }"),
            ],
        };

    private static IEnumerable<Finding> ComposedSql(SourceFile file) =>
        file.All<ExpressionSyntax>()
            .Where(e => !IsSum(e.Parent))
            .Where(e => Pieces(e) is { Length: > 0 } pieces && IsSql(file, e, pieces))
            .Select(e => file.At(e, e.ToString().Split('\n')[0]));

    /// <summary>What a string is put together from; nothing when it isn't.</summary>
    private static SyntaxNode[] Pieces(ExpressionSyntax expression) =>
        expression switch
        {
            InterpolatedStringExpressionSyntax { Contents: var contents } => contents
                .OfType<InterpolationSyntax>()
                .Any()
                ? [.. contents.Select(c => c is InterpolationSyntax hole ? hole.Expression : (SyntaxNode)c)]
                : [],
            BinaryExpressionSyntax sum when IsSum(sum) => [.. Operands(sum)],
            InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax call,
                ArgumentList.Arguments: var given
            } when Builders.Contains(call.Name.Identifier.Text) =>
            [
                call.Expression,
                .. given.Select(a => a.Expression),
            ],
            _ => [],
        };

    private static bool IsSql(SourceFile file, ExpressionSyntax expression, SyntaxNode[] pieces)
    {
        var whole = string.Concat(pieces.Select(Text));
        if (SqlText.IsUtility(whole) && file.MayComposeUtility)
            return false;
        var literals = pieces.OfType<LiteralExpressionSyntax>().Select(Text);
        return SqlText.IsSql(whole)
            || literals.Any(SqlText.IsSql)
            || (!file.IsTest && pieces.Any(NamesSql))
            || (expression is not InvocationExpressionSyntax && IsWhereSqlGoes(expression));
    }

    private static string Text(SyntaxNode piece) =>
        piece switch
        {
            InterpolatedStringTextSyntax text => text.TextToken.ValueText,
            LiteralExpressionSyntax literal => literal.Token.ValueText,
            _ => "x",
        };

    private static bool NamesSql(SyntaxNode piece) =>
        piece is IdentifierNameSyntax or MemberAccessExpressionSyntax
        && piece.ToString().EndsWith("Sql", StringComparison.Ordinal);

    private static bool IsWhereSqlGoes(ExpressionSyntax expression) =>
        expression.Parent switch
        {
            AssignmentExpressionSyntax set => set.Right == expression
                && set.Left.ToString().EndsWith("CommandText", StringComparison.Ordinal),
            ArgumentSyntax { Parent: ArgumentListSyntax list } argument => list.Arguments[0] == argument
                && TakesSql(list.Parent),
            _ => false,
        };

    private static bool TakesSql(SyntaxNode? call) =>
        call switch
        {
            ObjectCreationExpressionSyntax created => Commands.Contains(TypeNames.Simple(created.Type)),
            InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: var name }
            } => name == "CreateCommand" || name.StartsWith("Query", StringComparison.Ordinal),
            _ => false,
        };

    private static IEnumerable<ExpressionSyntax> Operands(ExpressionSyntax expression) =>
        expression is BinaryExpressionSyntax sum && IsSum(sum)
            ? Operands(sum.Left).Concat(Operands(sum.Right))
            : [expression];

    private static bool IsSum(SyntaxNode? node) =>
        node is BinaryExpressionSyntax && node.IsKind(SyntaxKind.AddExpression);
}
