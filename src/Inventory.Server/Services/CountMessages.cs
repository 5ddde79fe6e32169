using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Counts;
using Inventory.Engine.Database;
using Inventory.V1;
using CountedItem = Inventory.Engine.Counts.CountedItem;
using CountedState = Inventory.V1.CountedState;
using CountLine = Inventory.V1.CountLine;
using CountState = Inventory.V1.CountState;
using Discrepancy = Inventory.V1.Discrepancy;
using EngineCounted = Inventory.Engine.Counts.CountedState;
using EngineLine = Inventory.Engine.Counts.CountLine;
using EngineRefusal = Inventory.Engine.Counts.LineRefusal;
using EngineState = Inventory.Engine.Counts.CountState;
using RefusedLine = Inventory.V1.RefusedLine;

namespace Inventory.Server.Services;

/// <summary>Counts between the wire and the engine.</summary>
internal static class CountMessages
{
    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static NewCount ToEngine(CreateCountRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Warehouse = request.Warehouse,
            Items = [.. request.Items],
            Blind = request.Blind,
            Reason = StockMessages.NullIfEmpty(request.Reason),
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static CountRecording ToEngine(RecordCountsRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            CountId = Guid.Parse(request.CountId),
            Lines = [.. request.Lines.Select(l => new CountedItem(l.Item, ToEngine(l.State), l.Quantity))],
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static CountApproval ToEngine(ApproveCountRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            CountId = Guid.Parse(request.CountId),
            Items = [.. request.Items],
            ExpectedVersion = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Reason =
                request.Reason.Length == 0 ? null
                : request.Note.Length == 0 ? request.Reason
                : $"{request.Reason}: {request.Note}",
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static CountEnd ToEngine(CancelCountRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            CountId = Guid.Parse(request.CountId),
            ExpectedVersion = request.HasExpectedVersion ? request.ExpectedVersion : null,
        };

    /// <param name="request">Valid.</param>
    public static CountFilter ToEngine(ListCountsRequest request) =>
        new()
        {
            State = request.State switch
            {
                CountState.Unspecified => null,
                CountState.Open => EngineState.Open,
                CountState.Approved => EngineState.Approved,
                CountState.Cancelled => EngineState.Cancelled,
            },
            Warehouse = StockMessages.NullIfEmpty(request.Warehouse),
        };

    /// <param name="request">Valid.</param>
    public static DiscrepancyFilter ToEngine(ListDiscrepanciesRequest request) =>
        new()
        {
            CountId = request.CountId.Length == 0 ? null : Guid.Parse(request.CountId),
            Warehouse = StockMessages.NullIfEmpty(request.Warehouse),
            Sku = StockMessages.NullIfEmpty(request.Sku),
            Approved = request.Selection switch
            {
                DiscrepancySelection.Unspecified => null,
                DiscrepancySelection.Open => false,
                DiscrepancySelection.Approved => true,
            },
        };

    public static LineSelection? ToEngine(CountLineSelection selection) =>
        selection switch
        {
            CountLineSelection.Unspecified => null,
            CountLineSelection.Uncounted => LineSelection.Uncounted,
            CountLineSelection.Counted => LineSelection.Counted,
            CountLineSelection.Approved => LineSelection.Approved,
        };

    public static Count ToWire(StockCount count) =>
        new()
        {
            CountId = $"{count.CountId}",
            Warehouse = count.Warehouse,
            State = count.State switch
            {
                EngineState.Open => CountState.Open,
                EngineState.Approved => CountState.Approved,
                EngineState.Cancelled => CountState.Cancelled,
            },
            Whole = count.Whole,
            Blind = count.Blind,
            Version = count.Version,
            Reason = count.Reason ?? "",
            CreateTime = Timestamp.FromDateTime(count.CreatedAt),
            EndTime = count.EndedAt is { } ended ? Timestamp.FromDateTime(ended) : null,
            RequestId = count.RequestId,
            Caller = count.Caller,
        };

    public static RecordCountsResponse ToWire(RecordCountsAnswer answer, string requestId)
    {
        var hides = Hides(answer.Count!);
        return new()
        {
            Count = ToWire(answer.Count!),
            Lines = { answer.Lines.Select(l => ToWire(l, hides)) },
            Replayed = answer.Outcome == RecordCountsOutcome.Replayed,
            RequestId = requestId,
        };
    }

    public static GetCountResponse ToWire(CountSheet sheet)
    {
        var hides = Hides(sheet.Count!);
        var response = new GetCountResponse
        {
            Count = ToWire(sheet.Count!),
            LineCount = sheet.LineCount,
            CountedLines = sheet.CountedLines,
            ApprovedLines = sheet.ApprovedLines,
            Lines = { sheet.Lines.Select(l => ToWire(l, hides)) },
            NextPageToken = sheet.NextPageToken ?? "",
        };
        if (!hides)
        {
            response.DifferentLines = sheet.DifferentLines;
            response.Stakes.AddRange(sheet.Stakes.Select(s => new Money { Amount = s.Amount, Currency = s.Currency }));
        }

        return response;
    }

    public static Discrepancy ToWire(Engine.Counts.Discrepancy discrepancy) =>
        new()
        {
            CountId = $"{discrepancy.CountId}",
            Warehouse = discrepancy.Warehouse,
            Line = ToWire(discrepancy.Line, hides: false),
        };

    public static RefusedLine ToWire(Engine.Counts.RefusedLine line) =>
        new()
        {
            Sku = line.Sku,
            Refusal = line.Refusal switch
            {
                EngineRefusal.NotCounted => V1.LineRefusal.NotCounted,
                EngineRefusal.BelowReserved => V1.LineRefusal.BelowReserved,
                EngineRefusal.StockGone => V1.LineRefusal.StockGone,
                EngineRefusal.TooMuch => V1.LineRefusal.TooMuch,
            },
            Difference = line.Difference,
            OnHand = line.OnHand,
            Reserved = line.Reserved,
            Damaged = line.Damaged,
            QualityControl = line.QualityControl,
        };

    /// <summary>As the API spells it.</summary>
    public static string NameOf(EngineState state) =>
        state switch
        {
            EngineState.Open => "OPEN",
            EngineState.Approved => "APPROVED",
            EngineState.Cancelled => "CANCELLED",
        };

    /// <summary>Whoever counts blindly is told what was expected when it is too late to count to it.</summary>
    private static bool Hides(StockCount count) => count is { Blind: true, State: EngineState.Open };

    private static CountLine ToWire(EngineLine line, bool hides)
    {
        var wire = new CountLine
        {
            Sku = line.Sku,
            State = line.State switch
            {
                EngineCounted.Total => CountedState.Total,
                EngineCounted.Available => CountedState.Available,
                EngineCounted.Damaged => CountedState.Damaged,
                EngineCounted.QualityControl => CountedState.QualityControl,
            },
            CountTime = line.CountedAt is { } counted ? Timestamp.FromDateTime(counted.ToUniversalTime()) : null,
            CountedBy = line.CountedBy ?? "",
            ApproveTime = line.ApprovedAt is { } approved ? Timestamp.FromDateTime(approved.ToUniversalTime()) : null,
            ApprovedBy = line.ApprovedBy ?? "",
        };
        if (line.Counted is { } quantity)
        {
            wire.Counted = quantity;
        }

        if (line.Counted is not null && !hides)
        {
            wire.Expected = line.Expected!.Value;
            wire.Difference = line.Difference!.Value;
            wire.StockVersion = line.StockVersion!.Value;
            wire.Value = line.Value is { } value ? new() { Amount = value, Currency = line.Currency! } : null;
        }

        return wire;
    }

    private static EngineCounted ToEngine(CountedState state) =>
        state switch
        {
            CountedState.Unspecified or CountedState.Total => EngineCounted.Total,
            CountedState.Available => EngineCounted.Available,
            CountedState.Damaged => EngineCounted.Damaged,
            CountedState.QualityControl => EngineCounted.QualityControl,
        };
}
