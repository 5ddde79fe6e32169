using Grpc.Core;
using Inventory.Engine.Reports.Schedules;
using Inventory.Server.Errors;
using Inventory.Server.Security;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Services;

internal sealed partial class ReportService : V1.ReportService.ReportServiceBase
{
    public override async Task<CreateReportScheduleResponse> CreateReportSchedule(
        CreateReportScheduleRequest request,
        ServerCallContext context
    )
    {
        if ((ReportScheduleRules.Check(request, webhooks.AllowPrivate) ?? NoMail(request.Destination)) is { } wrong)
        {
            return context.Refuse<CreateReportScheduleResponse>(wrong);
        }

        var asked = ReportScheduleMessages.ToEngine(request, Callers.Of(context));
        var answer = await schedules.Create.ExecuteAsync(asked, context.CancellationToken);
        return ReportErrors.Of(answer, asked.Plan.Name, asked.RequestId) is { } refusal
            ? context.Refuse<CreateReportScheduleResponse>(refusal)
            : new()
            {
                Schedule = ReportScheduleMessages.ToWire(answer.Schedule!, whole: true),
                Secret = answer.Schedule!.Secret,
                Replayed = answer.Outcome == ReportScheduleOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<ListReportSchedulesResponse> ListReportSchedules(
        ListReportSchedulesRequest request,
        ServerCallContext context
    )
    {
        var whole = Callers.Has(context, Scopes.Admin);
        var all = await schedules.List.ExecuteAsync(null, context.CancellationToken);
        return new() { Schedules = { all.Select(s => ReportScheduleMessages.ToWire(s, whole)) } };
    }

    public override async Task<GetReportScheduleResponse> GetReportSchedule(
        GetReportScheduleRequest request,
        ServerCallContext context
    )
    {
        if (ReportScheduleRules.Check(request) is { } wrong)
        {
            return context.Refuse<GetReportScheduleResponse>(wrong);
        }

        var found = ReportIds.TryParseSchedule(request.ScheduleId, out var id)
            ? await schedules.List.ExecuteAsync(id, context.CancellationToken)
            : [];
        return found.Count == 0
            ? context.Refuse<GetReportScheduleResponse>(ReportErrors.ScheduleUnknown(request.ScheduleId))
            : new() { Schedule = ReportScheduleMessages.ToWire(found[0], Callers.Has(context, Scopes.Admin)) };
    }

    public override async Task<UpdateReportScheduleResponse> UpdateReportSchedule(
        UpdateReportScheduleRequest request,
        ServerCallContext context
    )
    {
        if ((ReportScheduleRules.Check(request, webhooks.AllowPrivate) ?? NoMail(request.Destination)) is { } wrong)
        {
            return context.Refuse<UpdateReportScheduleResponse>(wrong);
        }

        // What is no id is nobody's.
        _ = ReportIds.TryParseSchedule(request.ScheduleId, out var id);
        var asked = ReportScheduleMessages.ToEngine(request, id, Callers.Of(context));
        var answer = await schedules.Update.ExecuteAsync(asked, context.CancellationToken);
        return ReportErrors.Of(answer, request.ScheduleId, asked.RequestId) is { } refusal
            ? context.Refuse<UpdateReportScheduleResponse>(refusal)
            : new()
            {
                Schedule = ReportScheduleMessages.ToWire(answer.Schedule!, whole: true),
                Secret = asked.Destination is null ? "" : answer.Schedule!.Secret,
                Replayed = answer.Outcome == ReportScheduleOutcome.Replayed,
                RequestId = asked.RequestId,
            };
    }

    public override async Task<DeleteReportScheduleResponse> DeleteReportSchedule(
        DeleteReportScheduleRequest request,
        ServerCallContext context
    )
    {
        if (ReportScheduleRules.Check(request) is { } wrong)
        {
            return context.Refuse<DeleteReportScheduleResponse>(wrong);
        }

        return
            ReportIds.TryParseSchedule(request.ScheduleId, out var id)
            && await schedules.Delete.ExecuteAsync(id, Callers.Of(context), context.CancellationToken)
            ? new()
            : context.Refuse<DeleteReportScheduleResponse>(ReportErrors.ScheduleUnknown(request.ScheduleId));
    }

    public override async Task<RunReportScheduleResponse> RunReportSchedule(
        RunReportScheduleRequest request,
        ServerCallContext context
    )
    {
        if (ReportScheduleRules.Check(request) is { } wrong)
        {
            return context.Refuse<RunReportScheduleResponse>(wrong);
        }

        var requestId = RequestIds.OrMade(request.RequestId);
        _ = ReportIds.TryParseSchedule(request.ScheduleId, out var id);
        var answer = await schedules.Ask.ExecuteAsync(id, requestId, Callers.Of(context), context.CancellationToken);
        return ReportErrors.Of(answer, request.ScheduleId, requestId) is { } refusal
            ? context.Refuse<RunReportScheduleResponse>(refusal)
            : new()
            {
                Run = ReportScheduleMessages.ToWire(answer.Run!),
                Replayed = answer.Outcome == AskReportRunOutcome.Replayed,
                RequestId = requestId,
            };
    }

    public override async Task<ListReportRunsResponse> ListReportRuns(
        ListReportRunsRequest request,
        ServerCallContext context
    )
    {
        if (ReportScheduleRules.Check(request) is { } wrong)
        {
            return context.Refuse<ListReportRunsResponse>(wrong);
        }

        long? schedule = null;
        if (request.ScheduleId.Length > 0)
        {
            // What is no id is nobody's, and has no runs.
            schedule = ReportIds.TryParseSchedule(request.ScheduleId, out var id) ? id : 0;
        }

        var page = await schedules.Runs.ExecuteAsync(
            schedule,
            ReportScheduleMessages.ToEngine(request.State),
            PageRules.Size(request.PageSize),
            request.PageToken,
            context.CancellationToken
        );
        return page is null
            ? context.Refuse<ListReportRunsResponse>(WarehouseErrors.PageTokenInvalid()!)
            : new()
            {
                Runs = { page.Runs.Select(ReportScheduleMessages.ToWire) },
                NextPageToken = page.NextPageToken ?? "",
            };
    }

    private ApiError? NoMail(V1.ReportDestination? destination) =>
        destination is { MailTo.Count: > 0 } && alerts.Mail is null ? ReportErrors.MailUnavailable : null;
}
