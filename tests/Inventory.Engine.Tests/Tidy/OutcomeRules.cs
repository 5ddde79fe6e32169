using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>A new outcome must break the build until somebody says what it means: nothing catches it unseen.</summary>
internal static class OutcomeRules
{
    public static IEnumerable<TidyRule> All => [NoDefault];

    private const string Suffix = "Outcome";

    private static TidyRule NoDefault =>
        new("A switch over outcomes has no default arm", TidyRule.Each(DefaultArms))
        {
            Bad =
            [
                Sample.Engine("class A { int B(ReserveOutcome o) => o switch { ReserveOutcome.Held => 1, _ => 2 }; }"),
                Sample.Engine(
                    "class A { int B(X o) => o switch { Engine.ReserveOutcome.Held => 1, var other => 2 }; }"
                ),
                Sample.Engine(
                    "class A { int B(X o) => o.Kind switch { ReserveOutcome.Held or ReserveOutcome.B => 1, _ => 2 }; }"
                ),
                Sample.Engine(
                    "class A { void B(X o) { switch (o) { case ReserveOutcome.Held: break; default: break; } } }"
                ),
                Sample.Engine("class A { int B(X o) => (o, 1) switch { (ReserveOutcome.Held, _) => 1, _ => 2 }; }"),
            ],
            Good =
            [
                Sample.Engine(
                    "class A { int B(X o) => o switch { ReserveOutcome.Held => 1, ReserveOutcome.B => 2 }; }"
                ),
                Sample.Engine(
                    "class A { int B(X o) => (o, 1) switch { (ReserveOutcome.Held, _) => 1, (X.Other, 2) => 2 }; }"
                ),
                Sample.Engine("class A { int B(int o) => o switch { 1 => 1, _ => 2 }; }"),
                Sample.Engine(
                    "class A { X B(int o) => o switch { 1 => ReserveOutcome.Held, _ => ReserveOutcome.B }; }"
                ),
            ],
        };

    private static IEnumerable<Finding> DefaultArms(SourceFile file) => InExpressions(file).Concat(InStatements(file));

    private static IEnumerable<Finding> InExpressions(SourceFile file) =>
        file.All<SwitchExpressionSyntax>()
            .Where(s => s.Arms.Any(a => NamesAnOutcome(a.Pattern)))
            .SelectMany(s => s.Arms)
            .Where(a => a.WhenClause is null && IsCatchAll(a.Pattern))
            .Select(a => file.At(a, a.ToString()));

    private static IEnumerable<Finding> InStatements(SourceFile file) =>
        file.All<SwitchStatementSyntax>()
            .Select(s => s.Sections.SelectMany(section => section.Labels).ToArray())
            .Where(labels => labels.Any(NamesAnOutcome))
            .SelectMany(labels => labels)
            .Where(l =>
                l is DefaultSwitchLabelSyntax or CasePatternSwitchLabelSyntax { WhenClause: null } && IsCatchAll(l)
            )
            .Select(l => file.At(l, l.ToString()));

    private static bool NamesAnOutcome(SyntaxNode pattern) =>
        pattern
            .DescendantNodesAndSelf()
            .OfType<MemberAccessExpressionSyntax>()
            .Any(a => a.Expression.ToString().Split('.')[^1].EndsWith(Suffix, StringComparison.Ordinal));

    private static bool IsCatchAll(SyntaxNode pattern) =>
        pattern is DefaultSwitchLabelSyntax or DiscardPatternSyntax or VarPatternSyntax
        || (pattern is CasePatternSwitchLabelSyntax label && IsCatchAll(label.Pattern));
}
