using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Events;
using Inventory.Engine.Reports.Schedules;
using Inventory.Server.Reports;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineDestination = Inventory.Engine.Reports.Schedules.ReportDestination;
using EngineKind = Inventory.Engine.Reports.ReportKind;
using EnginePeriod = Inventory.Engine.Reports.Schedules.ReportPeriod;
using EngineRun = Inventory.Engine.Reports.Schedules.ReportRun;
using EngineSchedule = Inventory.Engine.Reports.Schedules.ReportSchedule;
using EngineSpan = Inventory.Engine.Reports.Schedules.ReportSpan;
using EngineState = Inventory.Engine.Reports.Schedules.ReportRunState;
using ReportDestination = Inventory.V1.ReportDestination;
using ReportKind = Inventory.V1.ReportKind;
using ReportPeriod = Inventory.V1.ReportPeriod;
using ReportRun = Inventory.V1.ReportRun;
using ReportRunState = Inventory.V1.ReportRunState;
using ReportSchedule = Inventory.V1.ReportSchedule;
using ReportSpan = Inventory.V1.ReportSpan;

namespace Inventory.Server.Services;

/// <summary>Schedules of reports and their runs between the wire and the engine.</summary>
internal static class ReportScheduleMessages
{
    private const string Utc = "UTC";
    private const int NextTimesMax = 5;

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static NewReportSchedule ToEngine(CreateReportScheduleRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Plan = new()
            {
                Name = request.Name,
                Report = (EngineKind)request.Report,
                Warehouses = [.. request.Warehouses.Distinct()],
                Category = StockMessages.NullIfEmpty(request.Category),
                Limit = request.Limit == 0 ? null : request.Limit,
                Period = ToEngine(request.Period),
                Cron = request.Cron,
                TimeZone = Zone(request.TimeZone),
                Destination = ToEngine(request.Destination),
                Paused = request.Paused,
            },
            Secret = Secret(request.Destination),
        };

    /// <param name="request">Valid.</param>
    /// <param name="scheduleId">Which.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static ReportScheduleEdit ToEngine(UpdateReportScheduleRequest request, long scheduleId, Actor caller)
    {
        var fields = ReportScheduleFields.Of(request);
        var destination = fields.Contains(ReportScheduleFields.Destination) ? request.Destination : null;
        return new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            ScheduleId = scheduleId,
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Name = fields.Contains(ReportScheduleFields.Name) ? request.Name : null,
            Report = fields.Contains(ReportScheduleFields.Report) ? (EngineKind)request.Report : null,
            Warehouses = fields.Contains(ReportScheduleFields.Warehouses) ? [.. request.Warehouses.Distinct()] : null,
            Category = fields.Contains(ReportScheduleFields.Category) ? request.Category : null,
            Limit = fields.Contains(ReportScheduleFields.Limit) ? request.Limit : null,
            Period = fields.Contains(ReportScheduleFields.Period) ? ToEngine(request.Period) : null,
            Cron = fields.Contains(ReportScheduleFields.Cron) ? request.Cron : null,
            TimeZone = fields.Contains(ReportScheduleFields.TimeZone) ? Zone(request.TimeZone) : null,
            Destination = destination is null ? null : ToEngine(destination),
            Secret = destination is null ? "" : Secret(destination),
            Paused = fields.Contains(ReportScheduleFields.Paused) ? request.Paused : null,
        };
    }

    public static EngineState? ToEngine(ReportRunState state) =>
        state switch
        {
            ReportRunState.Unspecified => null,
            ReportRunState.Pending => EngineState.Pending,
            ReportRunState.Sent => EngineState.Sent,
            ReportRunState.Dead => EngineState.Dead,
            ReportRunState.Cancelled => EngineState.Cancelled,
        };

    /// <param name="schedule">As it is.</param>
    /// <param name="whole">Where it goes is told as a whole; otherwise no more of it than a host.</param>
    public static ReportSchedule ToWire(EngineSchedule schedule, bool whole)
    {
        var plan = schedule.Plan;
        var next = schedule.NextAt is { } at ? QuartzCron.From(at, plan.Cron, plan.TimeZone, NextTimesMax) : [];
        return new()
        {
            ScheduleId = ReportIds.Schedule(schedule.ScheduleId),
            Name = plan.Name,
            Report = (ReportKind)plan.Report,
            Warehouses = { plan.Warehouses },
            Category = plan.Category ?? "",
            Limit = plan.Limit ?? 0,
            Period = new ReportPeriod { Span = ToWire(plan.Period.Span), Days = plan.Period.Days ?? 0 },
            Cron = plan.Cron,
            TimeZone = plan.TimeZone,
            Destination = ToWire(plan.Destination, whole),
            Paused = plan.Paused,
            NextTimes = { next.Select(ToWire) },
            Version = schedule.Revision,
            CreateTime = ToWire(schedule.CreatedAt),
            Creator = schedule.CreatedBy,
            UpdateTime = ToWire(schedule.UpdatedAt),
            Updater = schedule.UpdatedBy,
        };
    }

    public static ReportRun ToWire(EngineRun run) =>
        new()
        {
            RunId = ReportIds.Run(run.RunId),
            ScheduleId = ReportIds.Schedule(run.ScheduleId),
            State = run.State switch
            {
                EngineState.Pending => ReportRunState.Pending,
                EngineState.Sent => ReportRunState.Sent,
                EngineState.Dead => ReportRunState.Dead,
                EngineState.Cancelled => ReportRunState.Cancelled,
            },
            DueTime = ToWire(run.DueAt),
            Requester = run.AskedBy ?? "",
            Report = (ReportKind)run.Report,
            StartTime = ToWire(run.FromAt),
            EndTime = ToWire(run.BeforeAt),
            Attempts = run.Attempts,
            CreateTime = ToWire(run.CreatedAt),
            AttemptTime = run.AttemptedAt is { } at ? ToWire(at) : null,
            NextAttemptTime = run.State == EngineState.Pending ? ToWire(run.TryAt) : null,
            LastStatus = run.Status ?? 0,
            LastError = run.Error ?? "",
            RowCount = run.RowCount ?? 0,
            ByteCount = run.ByteCount ?? 0,
        };

    private static ReportDestination ToWire(EngineDestination destination, bool whole)
    {
        if (destination.WebhookUrl is not { } url)
        {
            return new() { MailTo = { whole ? destination.MailTo! : [] } };
        }

        return new() { WebhookUrl = whole ? url : new Uri(url).GetLeftPart(UriPartial.Authority) };
    }

    private static EngineDestination ToEngine(ReportDestination destination) =>
        destination.WebhookUrl.Length > 0
            ? new(destination.WebhookUrl, null)
            : new(null, [.. destination.MailTo.Distinct()]);

    private static string Secret(ReportDestination destination) =>
        destination.WebhookUrl.Length > 0 ? WebhookSecret.Make() : "";

    private static EnginePeriod ToEngine(ReportPeriod period) =>
        new(
            period.Span switch
            {
                ReportSpan.LastDays => EngineSpan.LastDays,
                ReportSpan.PreviousDay => EngineSpan.PreviousDay,
                ReportSpan.PreviousWeek => EngineSpan.PreviousWeek,
                ReportSpan.PreviousMonth => EngineSpan.PreviousMonth,
                ReportSpan.Unspecified => throw new InvalidOperationException("It has been validated."),
            },
            period.Days == 0 ? null : period.Days
        );

    private static ReportSpan ToWire(EngineSpan span) =>
        span switch
        {
            EngineSpan.LastDays => ReportSpan.LastDays,
            EngineSpan.PreviousDay => ReportSpan.PreviousDay,
            EngineSpan.PreviousWeek => ReportSpan.PreviousWeek,
            EngineSpan.PreviousMonth => ReportSpan.PreviousMonth,
        };

    private static string Zone(string text) => text.Length > 0 ? text : Utc;

    private static Timestamp ToWire(DateTime at) => Timestamp.FromDateTime(DateTime.SpecifyKind(at, DateTimeKind.Utc));
}
