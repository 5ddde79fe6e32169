using NUnit.Framework;

namespace Inventory.Engine.Tests.Catalog.Identifiers;

/// <summary>What is published of each form, and what fuzzing found.</summary>
internal static class IdentifierExamples
{
    private const string Separator = "\x1d";

    /// <summary>Sound ones, as in the GS1 General Specifications, the Digital Link and the Tag Data Standard.</summary>
    internal static string[] Sound { get; } =
    [
        "6291041500213",
        "614141000036",
        "80614141123458",
        "96385074",
        "3074257BF7194E4000001A85",
        "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
        "urn:epc:id:sgtin:0614141.812345.6789",
        "urn:epc:id:sgtin:0614141.812345.A%2FB",
        "3376451FD40C0E400000162E",
        "urn:epc:tag:grai-96:3.9521141.12345.5678",
        "urn:epc:id:grai:9521141.12345.5678",
        "(01)09521234543213(17)270630(10)ABC(1)2(21)7",
        $"]d201095212345432131727063010ABC(1)2{Separator}217",
        $"{Separator}0109521234543213{Separator}17270630{Separator}10ABC(1)2{Separator}217",
        $"]C1003061414112345678913102000123{Separator}3712{Separator}8003095211411234545678",
        "]e0010952123454321310A-1",
        "(00)106141411234567897(02)09521234543213(37)12",
        "(8003)095211411234545678",
        "(414)9521321000018(254)A7",
        "https://id.gs1.org/01/09521234543213/10/A%2FB/21/7?17=270600",
        "https://shop.example/any/where/01/9521234543213/10/A?utm=1&17=270630",
        "https://id.gs1.org/8003/095211411234545678",
        "https://id.gs1.org/00/106141411234567897",
    ];

    /// <summary>
    /// What was read once and should not have been: the first two found by fuzzing, the others looked for then.
    /// </summary>
    internal static TestCaseData[] Found { get; } =
    [
        Flawed("urn:epc:id:grai:9521141.12345.5%00678", "a NUL in a GRAI, which ended a stream as our own fault"),
        Flawed("urn:epc:tag:grai-96:3.9521141.12345.5\u88B2678", "a letter in the number of a tag"),
        Flawed("urn:epc:id:sgtin:0614141.812345.%00", "a NUL, which no database holds"),
        Flawed("urn:epc:id:sgtin:0614141.812345.67#9", "a character that is not GS1's"),
        Flawed("urn:epc:id:sgtin:0614141.812345.6%1D9", "a separator within a serial number"),
        Flawed("urn:epc:id:sgtin:0614141.812345.67\ud8009", "half a character"),
        Flawed("urn:epc:id:grai:9521141.12345.12345678901234567", "a serial number longer than a GRAI's"),
        Flawed("urn:epc:tag:sgtin-96:3.0614141.812345.06789", "one tag by two numbers"),
        Flawed("urn:epc:tag:sgtin-96:3.0614141.812345.274877906944", "more than 38 bits hold"),
        Flawed("urn:epc:tag:sgtin-96:3.0614141.812345.A", "a letter in a number"),
        Flawed("urn:epc:tag:grai-96:3.9521141.12345.05678", "one tag by two numbers, of a GRAI"),
    ];

    /// <summary>What means something in one of them.</summary>
    internal static string[] Pieces { get; } =
    [
        "(",
        ")",
        "(01)",
        "(10)",
        "(17)",
        "(21)",
        "(8003)",
        "00",
        "01",
        "21",
        "310",
        "8003",
        "99",
        "]d2",
        "]C1",
        Separator,
        "urn:epc:",
        "id:",
        "tag:",
        "sgtin:",
        "grai-96:",
        ".",
        ":",
        "/",
        "?",
        "&",
        "=",
        "%",
        "%00",
        "%1D",
        "%2F",
        "%E2%82",
        "https://",
        "@",
        "[::1]",
        "\0",
        "\ud800",
        "\udc00",
        "\u0661",
    ];

    private static TestCaseData Flawed(string text, string flaw) => new TestCaseData(text).SetArgDisplayNames(flaw);
}
