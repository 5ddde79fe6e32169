using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Inventory.Server.Errors;
using Inventory.Server.Reports;
using Inventory.V1;
using MimeKit;
using EngineDestination = Inventory.Engine.Reports.Schedules.ReportDestination;
using EnginePeriod = Inventory.Engine.Reports.Schedules.ReportPeriod;
using ListReportRuns = Inventory.Engine.Reports.Schedules.ListReportRuns;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request about scheduled reports must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static partial class ReportScheduleRules
{
    private const int NameLengthMax = 200;
    private const int CronLengthMax = 120;
    private const int AddressLengthMax = 254;

    private static readonly Problem NoCron = Problem.Format(
        "a cron expression of Quartz, such as \"0 30 6 ? * MON-FRI\": seconds, minutes, hours, day of month, month, day"
            + " of week"
    );

    private static readonly Problem TooOften = Problem.OutOfRange("at most one time an hour");
    private static readonly Problem NoZone = new("UNKNOWN_VALUE", "is no time zone of IANA that this server knows");
    private static readonly Problem NoAddress = Problem.Format("a mail address, without a name");
    private static readonly Problem NoDays = Problem.OutOfRange($"1 to {EnginePeriod.DaysMax}");
    private static readonly Problem NotOfDays = Problem.Conflict("goes with REPORT_SPAN_LAST_DAYS only");
    private static readonly Problem NotOne = Problem.Conflict("needs webhook_url or mail_to, and not both");

    /// <param name="request">As it came.</param>
    /// <param name="allowPrivate">http:// and private addresses are taken.</param>
    public static ApiError? Check(CreateReportScheduleRequest request, bool allowPrivate)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("name", TextRules.Required(request.Name, NameLengthMax));
        violations.Add("report", ReportRules.Report(request.Report));
        ReportRules.CheckFilter(request.Warehouses, request.Category, request.Limit, ref violations);
        CheckPeriod(request.Period, ref violations);
        violations.Add("cron", Cron(request.Cron));
        violations.Add("time_zone", Zone(request.TimeZone));
        CheckDestination(request.Destination, allowPrivate, ref violations);
        return violations.Error;
    }

    /// <param name="request">As it came.</param>
    /// <param name="allowPrivate">http:// and private addresses are taken.</param>
    public static ApiError? Check(UpdateReportScheduleRequest request, bool allowPrivate)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("schedule_id", TextRules.Key(request.ScheduleId));
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        var fields = ReportScheduleFields.Of(request);
        MaskRules.Check(request.UpdateMask, ReportScheduleFields.All, fields, ref violations);
        if (fields.Contains(ReportScheduleFields.Name))
        {
            violations.Add("name", TextRules.Required(request.Name, NameLengthMax));
        }

        if (fields.Contains(ReportScheduleFields.Report))
        {
            violations.Add("report", ReportRules.Report(request.Report));
        }

        ReportRules.CheckFilter(request.Warehouses, request.Category, request.Limit, ref violations);
        if (fields.Contains(ReportScheduleFields.Period))
        {
            CheckPeriod(request.Period, ref violations);
        }

        if (fields.Contains(ReportScheduleFields.Cron))
        {
            violations.Add("cron", Cron(request.Cron));
        }

        violations.Add("time_zone", Zone(request.TimeZone));
        if (fields.Contains(ReportScheduleFields.Destination))
        {
            CheckDestination(request.Destination, allowPrivate, ref violations);
        }

        return violations.Error;
    }

    public static ApiError? Check(GetReportScheduleRequest request) => CheckId(request.ScheduleId);

    public static ApiError? Check(DeleteReportScheduleRequest request) => CheckId(request.ScheduleId);

    public static ApiError? Check(RunReportScheduleRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("schedule_id", TextRules.Key(request.ScheduleId));
        return violations.Error;
    }

    public static ApiError? Check(ListReportRunsRequest request)
    {
        var violations = new Violations();
        violations.Add("schedule_id", TextRules.Optional(request.ScheduleId, TextRules.KeyLengthMax));
        violations.Add("state", Enum.IsDefined(request.State) ? null : Problem.UnknownValue);
        PageRules.Check(request.PageSize, ListReportRuns.PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    private static ApiError? CheckId(string id)
    {
        var violations = new Violations();
        violations.Add("schedule_id", TextRules.Key(id));
        return violations.Error;
    }

    private static void CheckPeriod(ReportPeriod? period, ref Violations violations)
    {
        if (period is null)
        {
            violations.Add("period", Problem.Required);
            return;
        }

        violations.Add(
            "period.span",
            period.Span == ReportSpan.Unspecified ? Problem.Required
                : Enum.IsDefined(period.Span) ? null
                : Problem.UnknownValue
        );
        violations.Add(
            "period.days",
            period.Span == ReportSpan.LastDays ? (period.Days is > 0 and <= EnginePeriod.DaysMax ? null : NoDays)
                : period.Days == 0 ? null
                : NotOfDays
        );
    }

    private static Problem? Cron(string text) =>
        TextRules.Required(text, CronLengthMax)
        ?? (
            !QuartzCron.IsValid(text) ? NoCron
            : QuartzCron.IsTooOften(text) ? TooOften
            : null
        );

    /// <summary>By name only: what is looked for is a file.</summary>
    private static Problem? Zone(string text) =>
        text.Length == 0 || (ZoneName().IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _))
            ? null
            : NoZone;

    private static void CheckDestination(ReportDestination? destination, bool allowPrivate, ref Violations violations)
    {
        if (destination is null)
        {
            violations.Add("destination", Problem.Required);
            return;
        }

        if (destination.WebhookUrl.Length > 0 == destination.MailTo.Count > 0)
        {
            violations.Add("destination", NotOne);
        }

        if (destination.WebhookUrl.Length > 0)
        {
            violations.Add("destination.webhook_url", WebhookRules.Url(destination.WebhookUrl, allowPrivate));
        }

        CheckAddresses(destination.MailTo, ref violations);
    }

    private static void CheckAddresses(RepeatedField<string> addresses, ref Violations violations)
    {
        if (addresses.Count > EngineDestination.AddressesMax)
        {
            violations.Add("destination.mail_to", Problem.OutOfRange($"at most {EngineDestination.AddressesMax}"));
            return;
        }

        foreach (var (index, address) in addresses.Index())
        {
            violations.Add(
                $"destination.mail_to[{index}]",
                TextRules.Required(address, AddressLengthMax) ?? (IsAddress(address) ? null : NoAddress)
            );
        }
    }

    private static bool IsAddress(string text) =>
        Address().IsMatch(text) && MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address == text;

    [GeneratedRegex("^[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}$")]
    private static partial Regex ZoneName();

    [GeneratedRegex("^[!-?A-~]+@[A-Za-z0-9.-]+$")]
    private static partial Regex Address();
}
