using System.Globalization;
using Inventory.Engine.Reports.Schedules;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Reports;

[TestFixture]
public sealed class ReportPeriodTests
{
    // 25 October 2026: clocks go back in Berlin; 29 March: forward. In Santiago they go forward at midnight, so that
    // 6 September 2026 begins at 01:00. In Havana they go back at 01:00: the midnight of 1 November is there twice.
    [TestCase(ReportSpan.PreviousDay, "UTC", "2026-11-30T06:00", "2026-11-29T00:00", "2026-11-30T00:00")]
    [TestCase(ReportSpan.PreviousDay, "Europe/Berlin", "2026-11-30T06:00", "2026-11-28T23:00", "2026-11-29T23:00")]
    [TestCase(ReportSpan.PreviousDay, "Europe/Berlin", "2026-11-29T23:30", "2026-11-28T23:00", "2026-11-29T23:00")]
    [TestCase(ReportSpan.PreviousDay, "Europe/Berlin", "2026-10-26T06:00", "2026-10-24T22:00", "2026-10-25T23:00")]
    [TestCase(ReportSpan.PreviousDay, "Europe/Berlin", "2026-03-30T06:00", "2026-03-28T23:00", "2026-03-29T22:00")]
    [TestCase(ReportSpan.PreviousDay, "America/Santiago", "2026-09-07T12:00", "2026-09-06T04:00", "2026-09-07T03:00")]
    [TestCase(ReportSpan.PreviousDay, "America/Havana", "2026-11-02T12:00", "2026-11-01T04:00", "2026-11-02T05:00")]
    [TestCase(ReportSpan.PreviousWeek, "UTC", "2026-11-30T00:00", "2026-11-23T00:00", "2026-11-30T00:00")]
    [TestCase(ReportSpan.PreviousWeek, "UTC", "2026-11-29T23:59", "2026-11-16T00:00", "2026-11-23T00:00")]
    [TestCase(ReportSpan.PreviousMonth, "UTC", "2026-01-01T00:00", "2025-12-01T00:00", "2026-01-01T00:00")]
    [TestCase(ReportSpan.PreviousMonth, "Europe/Berlin", "2026-11-15T00:00", "2026-09-30T22:00", "2026-10-31T23:00")]
    public void A_period_is_whole_days_where_the_schedule_is(
        ReportSpan span,
        string zone,
        string due,
        string from,
        string before
    )
    {
        var period = new ReportPeriod(span, null).At(Utc(due), TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.That(period, Is.EqualTo((Utc(from), Utc(before))));
        Assert.That((period.From.Kind, period.Before.Kind), Is.EqualTo((DateTimeKind.Utc, DateTimeKind.Utc)));
    }

    [Test]
    public void The_last_days_end_when_it_is_due()
    {
        var due = Utc("2026-10-26T06:30");

        var period = new ReportPeriod(ReportSpan.LastDays, 7).At(due, TimeZoneInfo.Utc);

        Assert.That(period, Is.EqualTo((Utc("2026-10-19T06:30"), due)));
    }

    private static DateTime Utc(string text) =>
        DateTime.SpecifyKind(
            DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture),
            DateTimeKind.Utc
        );
}
