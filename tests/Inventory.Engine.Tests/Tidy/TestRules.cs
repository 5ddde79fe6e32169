using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>Every test runs, and every test can fail.</summary>
internal static class TestRules
{
    public static IEnumerable<TidyRule> All => [NothingSkipped, EverythingAsserted];

    private static readonly string[] SkippingAttributes = ["Ignore", "Explicit"];
    private static readonly string[] SkippingCalls = ["Ignore", "Inconclusive", "Pass", "Warn"];
    private static readonly string[] ThrowingChecks = ["QuickCheckThrowOnFailure", "Check"];

    private static TidyRule NothingSkipped =>
        new("No test is skipped", TidyRule.Each(Skipped))
        {
            Bad =
            [
                Sample.Test("class A { [Test, Ignore(\"slow\")] public void B() { } }"),
                Sample.Test("[Explicit] class A;"),
                Sample.Test("class A { [TestCase(1, Ignore = \"slow\")] public void B(int c) { } }"),
                Sample.Test("class A { void B() => Assert.Ignore(); }"),
                Sample.Test("class A { void B() => Assert.Inconclusive(\"no database\"); }"),
                Sample.Test("class A { void B() => Assume.That(C); }"),
            ],
            Good =
            [
                Sample.Test("class A { [Test] public void B() => Assert.That(C); }"),
                Sample.Engine("class A { [JsonIgnore] public int B { get; } }"),
            ],
        };

    private static TidyRule EverythingAsserted =>
        new("Every test asserts something", UnassertedTests)
        {
            Bad =
            [
                Sample.Test("class A { [Test] public void B() { C(); } void C() { } }"),
                Sample.Test("class A { [TestCase(1)] public void B(int c) => c.ToString(); }"),
            ],
            Good =
            [
                Sample.Test("class A { [Test] public void B() => Assert.That(1, Is.EqualTo(1)); }"),
                Sample.Test("class A { [Test] public void B() => Prop.ForAll(C).QuickCheckThrowOnFailure(); }"),
                Sample
                    .Test("class A { [Test] public void B() => Then.Holds(); }")
                    .And(
                        "tests/Inventory.Testing/Then.cs",
                        "class Then { void Holds() => Sums(); void Sums() => Assert.That(1); }"
                    ),
            ],
        };

    private static IEnumerable<Finding> Skipped(SourceFile file)
    {
        if (!file.IsTest)
            return [];
        var attributes = file.All<AttributeSyntax>()
            .Where(a => SkippingAttributes.Contains(TypeNames.Simple(a.Name)))
            .Select(a => file.At(a, a.ToString()));
        var arguments = file.All<AttributeArgumentSyntax>()
            .Where(a =>
                a.NameEquals is { } name
                && SkippingAttributes.Append("IgnoreReason").Contains(name.Name.Identifier.Text)
            )
            .Select(a => file.At(a, a.ToString()));
        var calls = file.All<MemberAccessExpressionSyntax>()
            .Where(a =>
                (a.Expression.ToString(), a.Name.Identifier.Text) is ("Assert", var name)
                && SkippingCalls.Contains(name)
            )
            .Concat(file.All<MemberAccessExpressionSyntax>().Where(a => a.Expression.ToString() == "Assume"))
            .Select(a => file.At(a, a.ToString()));
        return attributes.Concat(arguments).Concat(calls);
    }

    private static IEnumerable<Finding> UnassertedTests(IReadOnlyList<SourceFile> files)
    {
        var tests = files.Where(f => f.IsCSharp && f.IsTest).ToArray();
        var methods = tests.SelectMany(f => f.All<MethodDeclarationSyntax>()).ToArray();
        var calls = methods.ToLookup(m => m.Identifier.Text, Called);
        var asserting = methods.Where(AssertsItself).Select(m => m.Identifier.Text).ToHashSet();
        bool grown;
        do grown = calls
            .Where(m => !asserting.Contains(m.Key) && m.Any(names => names.Overlaps(asserting)))
            .ToArray()
            .Aggregate(false, (any, m) => asserting.Add(m.Key) || any);
        while (grown);
        return tests.SelectMany(f =>
            TestMethods
                .In(f)
                .Where(m => !asserting.Contains(m.Identifier.Text))
                .Select(m => f.At(m.Identifier, m.Identifier.Text))
        );
    }

    private static bool AssertsItself(MethodDeclarationSyntax method) =>
        method
            .DescendantNodes()
            .OfType<MemberAccessExpressionSyntax>()
            .Any(a => a.Expression.ToString() == "Assert" || ThrowingChecks.Contains(a.Name.Identifier.Text));

    private static HashSet<string> Called(MethodDeclarationSyntax method) =>
        [
            .. method
                .DescendantNodes()
                .OfType<InvocationExpressionSyntax>()
                .Select(i => i.Expression)
                .Select(e => e is MemberAccessExpressionSyntax access ? access.Name : e)
                .OfType<SimpleNameSyntax>()
                .Select(n => n.Identifier.Text),
        ];
}
