using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>Tells SQL from prose, and reads as much of it as the rules need.</summary>
internal static partial class SqlText
{
    public static bool IsSql(string text) => Query().IsMatch(text) || Utility().IsMatch(text) || Named().IsMatch(text);

    /// <summary>Statements in which PostgreSQL takes no parameters, so that a name can't be passed otherwise.</summary>
    public static bool IsUtility(string text) => Utility().IsMatch(text);

    /// <summary>The slice of a first line like <c>-- reservations.lock</c>, or null when there is none.</summary>
    public static string? Slice(string text) =>
        Named().Match(text) is { Success: true } match ? match.Groups["slice"].Value : null;

    public static IEnumerable<LiteralExpressionSyntax> Literals(SourceFile file) =>
        file.All<LiteralExpressionSyntax>()
            .Where(l => l.IsKind(SyntaxKind.StringLiteralExpression) && IsSql(l.Token.ValueText));

    /// <summary>The lines, counted from 0, inside a raw string of SQL: a statement may be as long as it must.</summary>
    public static HashSet<int> Lines(SourceFile file) =>
        [
            .. Literals(file)
                .Where(IsRaw)
                .Select(l => l.GetLocation().GetLineSpan())
                .SelectMany(s =>
                    Enumerable.Range(s.StartLinePosition.Line + 1, s.EndLinePosition.Line - s.StartLinePosition.Line)
                ),
        ];

    public static bool IsRaw(LiteralExpressionSyntax literal) =>
        literal.Token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken);

    /// <summary>
    /// Stars that read a table. A star over what the same statement names (a WITH term, a function's columns,
    /// a subquery) stands beside its list of columns and is fine.
    /// </summary>
    public static IEnumerable<string> StarsOverTables(string sql)
    {
        var text = Comment().Replace(sql, " ");
        var terms = Term().Matches(text).Select(m => m.Groups["name"].Value).ToHashSet();
        var sources = Source()
            .Matches(text)
            .ToLookup(m => m.Groups["alias"] is { Success: true } a ? a.Value : m.Groups["name"].Value);
        foreach (Match star in Star().Matches(text))
        {
            var tables = star.Groups["alias"] is { Success: true } alias
                ? sources[alias.Value].Select(m => m.Groups["name"].Value)
                : FirstSource(text, star.Index);
            if (tables.FirstOrDefault(t => !terms.Contains(t)) is { } table)
                yield return $"{star.Value.Trim()} over {table}";
        }
        if (ReturningStar().IsMatch(text))
            yield return "RETURNING *";
    }

    private static IEnumerable<string> FirstSource(string text, int start)
    {
        var from = From().Match(text, start);
        var source = Source().Match(text, from.Index);
        return from.Success && source.Success && source.Index == from.Index ? [source.Groups["name"].Value] : [];
    }

    private const string Head = @"\A\s*(--[^\n]*\n\s*)*";

    private const string Queries =
        @"SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s|DELETE\s+FROM\s|MERGE\s+INTO\s|VALUES\s*\("
        + @"|WITH\s+(RECURSIVE\s+)?\w+\s*(\(|AS\s)";

    // In small letters a verb alone would be prose.
    private const string SmallQueries =
        @"select\s.*\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\(";

    private const string Utilities =
        @"((CREATE|ALTER|DROP|TRUNCATE|GRANT|REVOKE|COMMENT\s+ON)\s+[A-Z]|COPY\s|LOCK\s+TABLE\s|SET\s+\w+\s*(=|TO)"
        + @"|EXPLAIN\s|PREPARE\s|EXECUTE\s|VACUUM|ANALYZE|LISTEN\s|NOTIFY\s|BEGIN\b|COMMIT\b|ROLLBACK\b)";

    private const string NoAlias =
        "ON|USING|WHERE|SET|JOIN|LEFT|RIGHT|FULL|INNER|CROSS|NATURAL|GROUP|ORDER|LIMIT|FOR|UNION|RETURNING|SELECT";

    [GeneratedRegex(Head + "(" + Queries + "|" + SmallQueries + ")", RegexOptions.Singleline)]
    private static partial Regex Query();

    [GeneratedRegex(Head + Utilities)]
    private static partial Regex Utility();

    [GeneratedRegex(@"\A-- (?<slice>[a-z]+)\.[a-z_]+[ \t]*(\n|\z)")]
    private static partial Regex Named();

    [GeneratedRegex("--[^\n]*|'[^']*'")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?<name>\w+)\s*(\([\w\s,]*\)\s*)?AS\s+((NOT\s+)?MATERIALIZED\s*)?\(", RegexOptions.IgnoreCase)]
    private static partial Regex Term();

    [GeneratedRegex(@"\bFROM\b", RegexOptions.IgnoreCase)]
    private static partial Regex From();

    // A function is followed by a bracket and a subquery begins with one, so neither is taken for a table.
    [GeneratedRegex(
        @"\b(FROM|JOIN|UPDATE|INTO)\s+(ONLY\s+)?(?<name>[\w.]+)\b(?!\s*\()(\s+(AS\s+)?(?!("
            + NoAlias
            + @")\b)(?<alias>\w+))?",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Source();

    [GeneratedRegex(
        @"(\bSELECT\s+(DISTINCT\s+)?|(?<alias>\b\w+)\.|,\s*)\*(?=\s*(,|\)|FROM\b|INTO\b|$))",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Star();

    [GeneratedRegex(@"\bRETURNING\s+(\w+\.)?\*", RegexOptions.IgnoreCase)]
    private static partial Regex ReturningStar();
}
