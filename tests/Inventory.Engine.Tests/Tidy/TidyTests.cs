using NUnit.Framework;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>The house's style, held by machine. Every rule shows on samples of its own that it can fail.</summary>
[TestFixture]
public sealed class TidyTests
{
    private static readonly Dictionary<string, TidyRule> Rules = new IEnumerable<TidyRule>[]
    {
        SizeRules.All,
        NameRules.All,
        CallRules.All,
        TypeRules.All,
        OutcomeRules.All,
        SqlRules.All,
        AuditRules.All,
        SliceRules.All,
        TestRules.All,
        CommentRules.All,
    }
        .SelectMany(all => all)
        .ToDictionary(rule => rule.Name);

    private static IEnumerable<string> Names => Rules.Keys;
    private static IEnumerable<object[]> BadSamples => Samples(r => r.Bad);
    private static IEnumerable<object[]> GoodSamples => Samples(r => r.Good);

    [TestCaseSource(nameof(Names))]
    public void Every_source_keeps_the_rule(string rule)
    {
        var findings = Rules[rule].Find(Repository.Sources).ToArray();

        Assert.That(findings, Is.Empty, string.Join('\n', findings.Select(f => f.ToString())));
    }

    [TestCaseSource(nameof(BadSamples))]
    public void A_rule_catches_its_bad_samples(string rule, int index)
    {
        var sample = Rules[rule].Bad[index].Files;

        Assert.That(Rules[rule].Find(sample), Is.Not.Empty, sample[0].Text);
    }

    [TestCaseSource(nameof(GoodSamples))]
    public void A_rule_lets_its_good_samples_pass(string rule, int index)
    {
        var sample = Rules[rule].Good[index].Files;

        Assert.That(Rules[rule].Find(sample), Is.Empty, sample[0].Text);
    }

    [TestCaseSource(nameof(Names))]
    public void Every_rule_has_samples_of_both_kinds(string rule)
    {
        Assert.That(Rules[rule].Bad, Is.Not.Empty);
        Assert.That(Rules[rule].Good, Is.Not.Empty);
    }

    [Test]
    public void The_whole_repository_is_read_and_nothing_that_a_tool_made()
    {
        var paths = Repository.Sources.Select(f => f.Path).ToArray();

        Assert.That(paths, Has.Member("tests/Inventory.Engine.Tests/Tidy/TidyTests.cs"));
        Assert.That(paths, Has.Member("src/Inventory.Engine/Inventory.Engine.csproj"));
        Assert.That(paths, Has.Member("src/Inventory.Server/Program.cs"));
        Assert.That(paths, Has.None.Contains("/obj/").And.None.Contains("/bin/"));
    }

    private static IEnumerable<object[]> Samples(Func<TidyRule, IReadOnlyList<Sample>> samples) =>
        Rules.Values.SelectMany(rule => samples(rule).Select((_, index) => new object[] { rule.Name, index }));
}
