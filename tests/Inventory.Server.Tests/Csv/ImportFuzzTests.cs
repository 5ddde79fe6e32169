using System.Diagnostics;
using System.Net;
using System.Text;
using Inventory.Server.Csv;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Csv;

/// <summary>
/// Files spoilt from a seed for a bounded time: each is reported on, line by line, or refused with a reason. The seed
/// is told, and INVENTORY_TEST_SEED runs one again.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ImportFuzzTests : CsvFixture
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private static readonly string[] Files =
    [
        "sku,warehouse,quantity\nA,MAIN,7\nB,MAIN,8\n",
        "\ufeffSKU;warehouse;quantity\r\nA;MAIN;7\r\n",
        "sku,warehouse,mode,quantity,reason,note\n\"A\",\"MAIN\",add,1,\"r\",\"said \"\"no\"\"\"\nA,MAIN,remove,+2,,\n",
        "inventory_id,quantity,expected_version\ninv_1,5,3\ninv_2,,\n",
        "sku,warehouse,on_hand,reserved,damaged,quality_control,in_transit,safety_stock,available,version\n"
            + "'=A,MAIN,1,0,0,0,0,0,1,1\n",
    ];

    private static readonly string[] Pieces =
    [
        ",",
        "\"",
        "\"\"",
        "\n",
        "\r",
        "\r\n",
        ";",
        "\t",
        "'",
        "'=",
        "=1+1",
        "\0",
        "-0",
        "+",
        "9223372036854775808",
        "1e3",
        " 7 ",
        "\u00a0",
        "\ufeff",
        "\u2028",
        "quantity",
        "expected_version",
    ];

    private static readonly HttpStatusCode[] Answers =
    [
        HttpStatusCode.OK,
        HttpStatusCode.BadRequest,
        HttpStatusCode.UnprocessableEntity,
    ];

    [Test]
    public async Task Whatever_file_comes_is_reported_on_or_refused_with_a_reason()
    {
        var seed = FuzzSeed.Take();
        var random = new Random(seed);
        var texts = new SpoiltTexts(random, Files, Pieces);
        var (reported, refused) = (0, 0);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Length; )
        {
            var file = Encoding.UTF8.GetBytes(texts.Next());
            var what = $"{FuzzSeed.Variable}={seed}, {Convert.ToBase64String(file)}";

            var report = await Import(file, $"dry_run=true&on_error={(random.Next(2) == 0 ? "ABORT" : "CONTINUE")}")
                .WaitAsync(AnswerMax);

            Assert.That(Answers, Does.Contain(report.Status), $"{what}: {report.Body}");
            if (report.Status == HttpStatusCode.BadRequest)
            {
                Assert.That(report.Reason, Is.Not.Empty, what);
                refused++;
                continue;
            }

            var lines = file.Count(b => b is (byte)'\n' or (byte)'\r') + 1;
            Assert.That(report.Number("rowCount"), Is.InRange(0, lines), what);
            Assert.That(report.Errors.Select(e => e.Line), Is.All.InRange(1, lines), what);
            Assert.That(report.Flag("dryRun"), Is.True, what);
            reported++;
        }

        await TestContext.Out.WriteLineAsync($"{reported} reported on, {refused} refused, seed {seed}");
        Assert.That(await Then.Violations(), Is.Empty, $"seed {seed}");
        Assert.That(Server.Log.Alarms, Is.Empty, $"seed {seed}");
    }

    [Test]
    public void A_cell_is_read_as_it_was_written_and_is_no_formula()
    {
        var seed = FuzzSeed.Take();
        var texts = new SpoiltTexts(new Random(seed), ["A-1", "'x", "=1", "''"], ["'", "=", "@", "+", "-", "\t", "\r"]);
        for (var i = 0; i < 50_000; i++)
        {
            var text = texts.Next();
            var formula = text.Length > 0 && SheetText.FormulaCharacters.Contains(text[0], StringComparison.Ordinal);

            // The writer of files puts the apostrophe before formulas.
            var cell = formula ? $"'{text}" : SheetText.Write(text);

            Assert.That(SheetText.Read(cell), Is.EqualTo(text), $"{FuzzSeed.Variable}={seed}");
        }
    }
}
