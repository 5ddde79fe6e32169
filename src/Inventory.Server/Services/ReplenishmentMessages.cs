using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Replenishment;
using Inventory.V1;
using EnginePolicy = Inventory.Engine.Replenishment.ReorderPolicy;
using EnginePosition = Inventory.Engine.Replenishment.ReorderPosition;
using EngineReorder = Inventory.Engine.Replenishment.Reorder;
using EngineState = Inventory.Engine.Replenishment.ReorderState;
using ReorderState = Inventory.V1.ReorderState;

namespace Inventory.Server.Services;

/// <summary>Policies, reorders and forecasts between the wire and the engine.</summary>
internal static class ReplenishmentMessages
{
    private const int DefaultHorizonDays = 14;

    /// <param name="request">Valid.</param>
    /// <param name="caller">Who asks.</param>
    public static NewReorderPolicy ToEngine(SetReorderPolicyRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Sku = request.Sku,
            Warehouse = request.Warehouse,
            Amounts = request.HasReorderPoint
                ? new(
                    request.ReorderPoint,
                    request.HasReorderQuantity ? request.ReorderQuantity : null,
                    request.HasOrderUpTo ? request.OrderUpTo : null
                )
                : null,
            LeadTimeDays = request.HasLeadTimeDays ? request.LeadTimeDays : GetForecast.DefaultLeadTimeDays,
            ServiceLevel = request.HasServiceLevel ? request.ServiceLevel : GetForecast.DefaultServiceLevel,
            Automatic = request.Automatic,
            Source = request.Source,
            ExpectedVersion = request.HasExpectedVersion ? request.ExpectedVersion : null,
        };

    /// <param name="request">Valid.</param>
    public static ReorderFilter ToEngine(ListReordersRequest request) =>
        new()
        {
            State = request.State switch
            {
                ReorderState.Unspecified => null,
                ReorderState.Suggested => EngineState.Suggested,
                ReorderState.Approved => EngineState.Approved,
                ReorderState.Received => EngineState.Received,
                ReorderState.Closed => EngineState.Closed,
                ReorderState.Rejected => EngineState.Rejected,
                ReorderState.Cancelled => EngineState.Cancelled,
            },
            Sku = StockMessages.NullIfEmpty(request.Sku),
            Warehouse = StockMessages.NullIfEmpty(request.Warehouse),
        };

    /// <param name="request">Valid.</param>
    public static ForecastRequest ToEngine(GetForecastRequest request) =>
        new()
        {
            Sku = request.Sku,
            Warehouse = StockMessages.NullIfEmpty(request.Warehouse),
            Weeks = request.Weeks == 0 ? null : request.Weeks,
            LeadTimeDays = request.HasLeadTimeDays ? request.LeadTimeDays : null,
            ServiceLevel = request.HasServiceLevel ? request.ServiceLevel : null,
        };

    public static V1.ReorderPolicy ToWire(EnginePolicy policy)
    {
        var message = new V1.ReorderPolicy
        {
            Sku = policy.Sku,
            Warehouse = policy.Warehouse,
            LeadTimeDays = policy.LeadTimeDays,
            ServiceLevel = policy.ServiceLevel,
            Automatic = policy.Automatic,
            Source = policy.Source,
            Version = policy.Version,
            CreateTime = Timestamp.FromDateTime(policy.CreatedAt),
            UpdateTime = Timestamp.FromDateTime(policy.UpdatedAt),
            UpdateCaller = policy.UpdatedBy,
        };
        if (policy.Amounts is { } amounts)
        {
            message.ReorderPoint = amounts.ReorderPoint;
        }

        if (policy.Amounts?.Lot is { } lot)
        {
            message.ReorderQuantity = lot;
        }

        if (policy.Amounts?.OrderUpTo is { } maximum)
        {
            message.OrderUpTo = maximum;
        }

        return message;
    }

    public static V1.ReorderPosition ToWire(EnginePosition position) =>
        new()
        {
            Position = position.Total,
            Available = position.Available,
            InTransit = position.InTransit,
            OnOrder = position.OnOrder,
            WaitedForElsewhere = position.WaitedForElsewhere,
        };

    public static V1.Reorder ToWire(EngineReorder reorder) =>
        new()
        {
            ReorderId = $"{reorder.ReorderId}",
            Sku = reorder.Sku,
            Warehouse = reorder.Warehouse,
            State = ToWire(reorder.State),
            Quantity = reorder.Quantity,
            Received = reorder.Received,
            Outstanding = reorder.Outstanding,
            Position = reorder.Position,
            ReorderPoint = reorder.ReorderPoint,
            LeadTimeDays = reorder.LeadTimeDays,
            Automatic = reorder.Automatic,
            Source = reorder.Source,
            Version = reorder.Version,
            CreateTime = Timestamp.FromDateTime(reorder.CreatedAt),
            ApproveTime = ToWire(reorder.ApprovedAt),
            ApproveCaller = reorder.ApprovedBy ?? "",
            ExpectTime = ToWire(reorder.ExpectedAt),
            EndTime = ToWire(reorder.EndedAt),
            EndCaller = reorder.EndedBy ?? "",
            Reason = reorder.Reason ?? "",
        };

    public static GetForecastResponse ToWire(ItemForecast forecast, GetForecastRequest request)
    {
        var demand = forecast.Demand;
        var today = forecast.FirstDay.AddDays(forecast.History.Count);
        var horizon = request.HorizonDays == 0 ? DefaultHorizonDays : request.HorizonDays;
        var message = new GetForecastResponse
        {
            Sku = request.Sku,
            Warehouse = request.Warehouse,
            History = { forecast.History.Select((quantity, day) => Day(forecast.FirstDay.AddDays(day), quantity)) },
            Forecast = { Enumerable.Range(1, horizon).Select(h => Day(today.AddDays(h - 1), demand.Day(h))) },
            Level = demand.Level,
            Alpha = demand.Alpha,
            Gamma = demand.Gamma,
            Seasonal = demand.IsSeasonal,
            Error = demand.Error is { } error ? ToWire(error) : null,
            Available = forecast.Available,
            LeadTimeDays = forecast.LeadTimeDays,
            ServiceLevel = forecast.ServiceLevel,
            LeadTimeDemand = demand.Total(forecast.LeadTimeDays),
            SafetyStock = demand.SafetyStock(forecast.LeadTimeDays, forecast.ServiceLevel),
            ReorderPoint = forecast.ReorderPoint,
        };
        if (forecast.DaysOfCover is { } days)
        {
            message.DaysOfCover = days;
        }

        return message;
    }

    /// <summary>As the API spells it.</summary>
    public static string NameOf(EngineState state) =>
        state switch
        {
            EngineState.Suggested => "SUGGESTED",
            EngineState.Approved => "APPROVED",
            EngineState.Received => "RECEIVED",
            EngineState.Closed => "CLOSED",
            EngineState.Rejected => "REJECTED",
            EngineState.Cancelled => "CANCELLED",
        };

    private static ReorderState ToWire(EngineState state) =>
        state switch
        {
            EngineState.Suggested => ReorderState.Suggested,
            EngineState.Approved => ReorderState.Approved,
            EngineState.Received => ReorderState.Received,
            EngineState.Closed => ReorderState.Closed,
            EngineState.Rejected => ReorderState.Rejected,
            EngineState.Cancelled => ReorderState.Cancelled,
        };

    private static V1.ForecastError ToWire(Engine.Replenishment.ForecastError error)
    {
        var message = new V1.ForecastError
        {
            Days = error.Days,
            Mae = error.Mae,
            Sigma = error.Sigma,
        };
        if (error.Wape is { } wape)
        {
            message.Wape = wape;
        }

        if (error.Mase is { } mase)
        {
            message.Mase = mase;
        }

        return message;
    }

    private static DayDemand Day(DateTime day, double quantity) =>
        new() { Date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Quantity = quantity };

    private static Timestamp? ToWire(DateTime? time) => time is { } given ? Timestamp.FromDateTime(given) : null;
}
