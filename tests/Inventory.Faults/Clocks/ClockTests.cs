using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Inventory.Engine.Database;
using NUnit.Framework;

namespace Inventory.Faults.Clocks;

/// <summary>
/// One clock, the database's: the engine reads no clock of its machine, and its statements take no time from it but the
/// one that a caller names. So a server whose clock is wrong can neither end a hold early nor keep it too long.
/// </summary>
[TestFixture]
public sealed partial class ClockTests
{
    private static readonly string[] Clocks = ["get_UtcNow", "get_Now", "get_Today", "GetUtcNow", "GetLocalNow"];

    [Test]
    public void The_engine_reads_no_clock_of_its_machine()
    {
        using var stream = File.OpenRead(typeof(Cell).Assembly.Location);
        using var assembly = new PEReader(stream);
        var metadata = assembly.GetMetadataReader();

        var called = metadata.MemberReferences.Select(m => metadata.GetString(metadata.GetMemberReference(m).Name));

        Assert.That(called.Intersect(Clocks), Is.Empty);
    }

    // Which are the time to which a caller extends, the time or span that a caller asks for, the time at which a device
    // says that it read a tag, a place in a list or in the journal, and when a report is due: a time that the database
    // gave before, or that cron names after it.
    [Test]
    public void No_statement_takes_a_time_of_the_machine()
    {
        var taking = Statements().Where(s => TimeParameter().IsMatch(s.Sql)).Select(s => s.Type);

        Assert.That(
            taking.Distinct(),
            Is.EquivalentTo(
                new[]
                {
                    "AgeingReport",
                    "AskReportRun",
                    "CreateReportSchedule",
                    "ExtendReservations",
                    "GetForecast",
                    "ItemListStatements",
                    "ListMutations",
                    "ListRefusals",
                    "MovementsReport",
                    "PastStatements",
                    "ReservationsReport",
                    "ScanStatements",
                    "StartDueRuns",
                    "StoredCursor",
                    "TopMoversReport",
                    "TransactionStatements",
                    "TurnoverReport",
                    "UpdateReportSchedule",
                    "WarehouseEfficiencyReport",
                }
            )
        );
    }

    [Test]
    public void No_statement_that_waits_for_locks_judges_by_the_time_at_which_it_began()
    {
        var waiting = Statements().Where(s => RowLock().IsMatch(s.Sql)).ToList();

        Assert.That(waiting, Has.Count.GreaterThan(5));
        Assert.That(waiting.Where(s => FrozenClock().IsMatch(s.Sql)).Select(s => s.Type), Is.Empty);
    }

    [GeneratedRegex("@\\w+::(timestamptz|timestamp|date|time)")]
    private static partial Regex TimeParameter();

    [GeneratedRegex("FOR (NO KEY UPDATE|UPDATE|SHARE)")]
    private static partial Regex RowLock();

    [GeneratedRegex("\\b(now\\(\\)|current_timestamp|transaction_timestamp|statement_timestamp|localtimestamp)")]
    private static partial Regex FrozenClock();

    private static IEnumerable<(string Type, string Sql)> Statements() =>
        typeof(Cell)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(field => field.IsLiteral && field.Name.EndsWith("Sql", StringComparison.Ordinal))
            .Select(field => (field.DeclaringType!.Name, (string)field.GetRawConstantValue()!));
}
