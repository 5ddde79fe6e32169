using FsCheck;
using FsCheck.Fluent;
using Inventory.Engine.Catalog.Identifiers;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog.Identifiers;

/// <summary>
/// What scanners and readers send. The examples of tags are those of the EPC Tag Data Standard 1.13, annex E.3; the
/// check digits those of the GS1 General Specifications, 7.9.1.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ParseIdentifierTests
{
    private const char Separator = '\x1d';
    private static readonly DateOnly Today = new(2026, 11, 25);

    [TestCase("6291041500213", "06291041500213")]
    [TestCase("614141000036", "00614141000036")]
    [TestCase("80614141123458", "80614141123458")]
    [TestCase("96385074", "00000096385074")]
    public void A_GTIN_of_any_length_is_fourteen_digits(string text, string expected)
    {
        var found = Read(text)!;

        Assert.That((found.Form, $"{found.Gtin}"), Is.EqualTo((IdentifierForm.Gtin, expected)));
    }

    [TestCase("3074257BF7194E4000001A85")]
    [TestCase("3074257bf7194e4000001a85")]
    [TestCase("urn:epc:tag:sgtin-96:3.0614141.812345.6789")]
    [TestCase("urn:epc:id:sgtin:0614141.812345.6789")]
    public void An_SGTIN_is_its_GTIN_and_serial_number(string text)
    {
        var found = Read(text)!;

        Assert.That(
            (found.Form, $"{found.Gtin}", found.Serial),
            Is.EqualTo((IdentifierForm.Sgtin, "80614141123458", "6789"))
        );
    }

    [TestCase("3376451FD40C0E400000162E")]
    [TestCase("urn:epc:tag:grai-96:3.9521141.12345.5678")]
    [TestCase("urn:epc:id:grai:9521141.12345.5678")]
    public void A_GRAI_is_its_asset_and_serial_number(string text)
    {
        var found = Read(text)!;

        Assert.That(
            (found.Form, found.AssetType, found.Serial, found.Gtin),
            Is.EqualTo((IdentifierForm.Grai, "9521141123454", "5678", (Engine.Catalog.Gtin?)null))
        );
        Assert.That(found.Elements["8003"], Is.EqualTo("095211411234545678"));
    }

    [Test]
    public void An_element_string_says_the_same_with_brackets_and_as_a_scanner_sends_it()
    {
        string[] forms =
        [
            "(01)09521234543213(17)270630(10)ABC(1)2(21)7",
            $"]d201095212345432131727063010ABC(1)2{Separator}217",
            $"{Separator}0109521234543213{Separator}17270630{Separator}10ABC(1)2{Separator}217",
        ];
        foreach (var form in forms)
        {
            var found = Read(form)!;

            Assert.That(
                (found.Form, $"{found.Gtin}", found.ExpiresOn, found.Batch, found.Serial),
                Is.EqualTo(
                    (
                        IdentifierForm.ElementString,
                        "09521234543213",
                        (DateOnly?)new DateOnly(2027, 6, 30),
                        "ABC(1)2",
                        "7"
                    )
                )
            );
        }
    }

    [TestCase("https://id.gs1.org/01/09521234543213/10/A%2FB/21/7?17=270600", "A/B")]
    [TestCase("https://shop.example/any/where/01/9521234543213/10/A?utm=1&17=270630", "A")]
    public void A_Digital_Link_says_what_its_path_and_its_query_say(string link, string batch)
    {
        var found = Read(link)!;

        Assert.That(
            (found.Form, $"{found.Gtin}", found.Batch, found.ExpiresOn),
            Is.EqualTo((IdentifierForm.DigitalLink, "09521234543213", batch, (DateOnly?)new DateOnly(2027, 6, 30)))
        );
    }

    [TestCase("270600", 2027, 6, 30)]
    [TestCase("280200", 2028, 2, 29)]
    [TestCase("761231", 2076, 12, 31)]
    [TestCase("770101", 1977, 1, 1)]
    public void A_year_of_two_digits_is_the_nearest_and_a_day_00_the_last_of_its_month(
        string date,
        int year,
        int month,
        int day
    ) => Assert.That(Read($"(17){date}")!.ExpiresOn, Is.EqualTo(new DateOnly(year, month, day)));

    [TestCase("6291041500214")]
    [TestCase("123456789")]
    [TestCase("(01)09521234543214")]
    [TestCase("(01)0952123454321")]
    [TestCase("(00)006141411234567891")]
    [TestCase("(05)1")]
    [TestCase("(10)")]
    [TestCase("(10)123456789012345678901")]
    [TestCase("(10)A(10)B")]
    [TestCase("(10)A#B")]
    [TestCase("(17)271301")]
    [TestCase("(17)270231")]
    [TestCase("(8003)19521141123454")]
    [TestCase("(8003)09521141123455")]
    [TestCase("https://id.gs1.org/")]
    [TestCase("https://id.gs1.org/01/09521234543213/10")]
    [TestCase("https://id.gs1.org/01/09521234543213/17/270630")]
    [TestCase("https://id.gs1.org/01/09521234543214")]
    [TestCase("urn:epc:id:sgtin:0614141.8123456.6789")]
    [TestCase("urn:epc:id:sgtin-96:0614141.812345.6789")]
    [TestCase("urn:epc:tag:sgtin-96:9.0614141.812345.6789")]
    [TestCase("urn:epc:id:sscc:0614141.1234567890")]
    [TestCase("307C257BF7194E4000001A85")]
    [TestCase("3174257BF4499602D2000000")]
    [TestCase("3077FFFFFFFFFFFFFFFFFFFF")]
    [TestCase("SKU-1")]
    [TestCase("")]
    public void What_is_wrong_is_told_and_nothing_else(string text)
    {
        var found = ParseIdentifier.Execute(text, Today, out var problem);

        Assert.That(found, Is.Null);
        Assert.That(problem, Is.Not.Empty);
    }

    [Test]
    public void Whatever_comes_is_read_or_refused_with_a_reason()
    {
        string[] parts =
        [
            "(01)",
            "(10)",
            "01",
            "21",
            "]d2",
            "urn:epc:",
            "id:",
            "sgtin:",
            "https://x/",
            "30",
            "/",
            ".",
            "%",
            "(",
        ];
        var texts =
            from pieces in Gen.ListOf(
                Gen.OneOf(
                    Gen.Elements(parts),
                    ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get),
                    Gen.Choose(0, 99_999_999).Select(n => $"{n}"),
                    Gen.Constant($"{Separator}")
                )
            )
            select string.Concat(pieces);
        Prop.ForAll(
                texts.ToArbitrary(),
                text =>
                    ParseIdentifier.Execute(text, Today, out var problem) is null
                        ? problem.Length > 0
                        : problem.Length == 0
            )
            .QuickCheckThrowOnFailure();
    }

    [Test]
    public void Tags_of_every_partition_are_read_as_they_were_written()
    {
        var tags =
            from digits in Gen.Choose(6, 12)
            from company in Digits(digits)
            from reference in Digits(13 - digits)
            from high in Gen.Choose(0, (1 << 19) - 1)
            from low in Gen.Choose(0, (1 << 19) - 1)
            select (company, reference, serial: ((long)high << 19) | (uint)low);
        Prop.ForAll(
                tags.ToArbitrary(),
                tag =>
                {
                    var (company, reference, serial) = tag;
                    var byUri = Read($"urn:epc:id:sgtin:{company}.{reference}.{serial}")!;
                    var byBits = Read(Bits(company, reference, serial))!;
                    return byUri.Gtin == byBits.Gtin && byBits.Serial == $"{serial}" && byUri.Gtin is not null;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static Gen<string> Digits(int count) => Gen.ArrayOf(Gen.Choose(0, 9), count).Select(d => string.Concat(d));

    /// <summary>The tag's bits, written as the standard's table 14-2 has them.</summary>
    private static string Bits(string company, string reference, long serial)
    {
        var (prefixBits, restBits) = company.Length switch
        {
            12 => (40, 4),
            11 => (37, 7),
            10 => (34, 10),
            9 => (30, 14),
            8 => (27, 17),
            7 => (24, 20),
            _ => (20, 24),
        };
        var bits = (((UInt128)0x30 << 3 | 1) << 3) | (UInt128)(12 - company.Length);
        bits = (bits << prefixBits) | UInt128.Parse(company, null);
        bits = (bits << restBits) | UInt128.Parse(reference, null);
        bits = (bits << 38) | (UInt128)serial;
        return bits.ToString("X24", null);
    }

    private static ScannedIdentifier? Read(string text)
    {
        var found = ParseIdentifier.Execute(text, Today, out var problem);
        Assert.That(problem, Is.Empty);
        return found;
    }
}
