using System.Diagnostics;
using System.Globalization;
using Inventory.Engine.Catalog.Identifiers;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog.Identifiers;

/// <summary>
/// What scanners and readers send, spoilt from a seed for a bounded time: it is read or refused with a reason, and what
/// is read is sound by a reckoning of its own. The seed is told, and INVENTORY_TEST_SEED runs one again.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class IdentifierFuzzTests
{
    private const char Separator = '\x1d';
    private const string Symbology = "]d2";

    private const string Characters =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    private static readonly DateOnly Today = new(2026, 11, 25);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(1);

    // Element strings that end with a check digit, by how many digits it is the last of (General Specifications, 3).
    private static readonly Dictionary<string, int> Checked = new()
    {
        ["00"] = 18,
        ["01"] = 14,
        ["02"] = 14,
        ["253"] = 13,
        ["255"] = 13,
        ["402"] = 17,
        ["8006"] = 14,
        ["8017"] = 18,
        ["8018"] = 18,
    };

    [Test]
    public void Whatever_is_scanned_is_read_soundly_or_refused_with_a_reason()
    {
        var seed = FuzzSeed.Take();
        var texts = new SpoiltTexts(new Random(seed), IdentifierExamples.Sound, IdentifierExamples.Pieces);
        var (read, refused) = (0, 0);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Length; )
        {
            var text = texts.Next();
            if (Judge(text, $"{FuzzSeed.Variable}={seed}, {Escaped(text)}"))
            {
                read++;
            }
            else
            {
                refused++;
            }
        }

        TestContext.Out.WriteLine($"{read} read, {refused} refused, seed {seed}");
        Assert.That((read > 100, refused > 100), Is.EqualTo((true, true)), $"seed {seed}");
    }

    [TestCaseSource(typeof(IdentifierExamples), nameof(IdentifierExamples.Sound))]
    public void What_is_published_is_sound(string text) => Assert.That(Judge(text, text), Is.True);

    [TestCaseSource(typeof(IdentifierExamples), nameof(IdentifierExamples.Found))]
    public void What_was_found_once_is_refused(string text) => Assert.That(Judge(text, text), Is.False);

    [Test]
    public void Tags_are_read_as_they_were_written()
    {
        var seed = FuzzSeed.Take();
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var isSgtin = random.Next(2) == 0;
            var company = Digits(random, random.Next(6, 13));
            var reference = Digits(random, (isSgtin ? 13 : 12) - company.Length);
            var serial = random.NextInt64(1L << 38);
            var scheme = isSgtin ? "sgtin" : "grai";
            string[] forms =
            [
                Bits(isSgtin ? 0x30 : 0x33, company, reference, serial),
                $"urn:epc:tag:{scheme}-96:{random.Next(8)}.{company}.{reference}.{serial}",
                $"urn:epc:id:{scheme}:{company}.{reference}.{serial}",
            ];
            var what = $"{FuzzSeed.Variable}={seed}, {string.Join(", ", forms)}";
            var found = forms.Select(form => ParseIdentifier.Execute(form, Today, out _)).ToArray();

            Assert.That(found.Select(f => f?.Serial), Is.All.EqualTo($"{serial}"), what);
            Assert.That(found.Select(f => $"{f!.Gtin}{f.AssetType}").Distinct().Count(), Is.EqualTo(1), what);
            var key = isSgtin ? $"{found[0]!.Gtin}" : found[0]!.AssetType!;
            var digits = isSgtin ? $"{reference[0]}{company}{reference[1..]}" : company + reference;
            Assert.That((key[..^1], IsChecked(key)), Is.EqualTo((digits, true)), what);
        }
    }

    /// <returns>Whether it was read.</returns>
    private static bool Judge(string text, string what)
    {
        var began = Stopwatch.GetTimestamp();
        ScannedIdentifier? found = null;
        var problem = "";
        Assert.That(() => found = ParseIdentifier.Execute(text, Today, out problem), Throws.Nothing, what);
        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(ReadMax), what);
        if (found is null)
        {
            Assert.That(problem, Is.Not.Empty, what);
            return false;
        }

        Assert.That(problem, Is.Empty, what);
        AssertSound(found, what);
        AssertSaysTheSameAgain(found, what);
        return true;
    }

    private static void AssertSound(ScannedIdentifier found, string what)
    {
        var gtin = found.Gtin?.ToString();
        Assert.That(gtin is null || (gtin.Length == 14 && IsChecked(gtin)), Is.True, what);
        Assert.That(found.AssetType is not { } asset || (asset.Length == 13 && IsChecked(asset)), Is.True, what);
        Assert.That(found.Serial is not { Length: 0 or > 20 }, Is.True, what);
        Assert.That(found.Batch is not { Length: 0 or > 20 }, Is.True, what);
        Assert.That(found.Elements, Is.Not.Empty, what);
        foreach (var (code, value) in found.Elements)
        {
            Assert.That(value.Length, Is.InRange(1, 90), what);
            Assert.That(value.All(c => Characters.Contains(c, StringComparison.Ordinal)), Is.True, what);
            var digits = code is ['4', '1', _] ? 13 : Checked.GetValueOrDefault(code);
            Assert.That(digits == 0 || IsChecked(value[..digits]), Is.True, what);
        }
    }

    /// <summary>Written anew as a scanner would send it, it says what it said.</summary>
    private static void AssertSaysTheSameAgain(ScannedIdentifier found, string what)
    {
        var text = Symbology + string.Join(Separator, found.Elements.Select(e => e.Key + e.Value));
        if (text.Length > ParseIdentifier.LengthMax)
        {
            return;
        }

        var again = ParseIdentifier.Execute(text, Today, out var problem);

        Assert.That(problem, Is.Empty, what);
        Assert.That(again!.Elements, Is.EquivalentTo(found.Elements), what);
        Assert.That(
            (again.Gtin, again.AssetType, again.Serial, again.Batch, again.ExpiresOn),
            Is.EqualTo((found.Gtin, found.AssetType, found.Serial, found.Batch, found.ExpiresOn)),
            what
        );
    }

    /// <summary>By the sums of the odd and the even places, counted from the end.</summary>
    private static bool IsChecked(string digits)
    {
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        int[] backwards = [.. digits.Reverse().Select(d => d - '0')];
        var odd = backwards.Where((_, i) => i % 2 == 0).Sum();
        var even = backwards.Where((_, i) => i % 2 == 1).Sum();
        return (odd + 3 * even) % 10 == 0;
    }

    private static string Digits(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(10)));

    /// <summary>As the Tag Data Standard's tables 14-2 and 14-16 have them.</summary>
    private static string Bits(int header, string company, string reference, long serial)
    {
        int[] prefixBits = [40, 37, 34, 30, 27, 24, 20];
        var partition = 12 - company.Length;
        var bits = (((UInt128)header << 3 | 1) << 3) | (UInt128)partition;
        bits = (bits << prefixBits[partition]) | UInt128.Parse(company, CultureInfo.InvariantCulture);
        bits <<= 44 - prefixBits[partition];
        bits |= reference.Length == 0 ? 0 : UInt128.Parse(reference, CultureInfo.InvariantCulture);
        return ((bits << 38) | (UInt128)serial).ToString("X24", CultureInfo.InvariantCulture);
    }

    private static string Escaped(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
