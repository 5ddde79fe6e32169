namespace Inventory.Engine.Replenishment;

/// <summary>Asks for a forecast. It has been validated.</summary>
public sealed record ForecastRequest
{
    /// <summary>The item's SKU or id.</summary>
    public required string Sku { get; init; }

    /// <summary>At one warehouse, by code or id; none: at all together.</summary>
    public string? Warehouse { get; init; }

    /// <summary>How far back to look: 1 to <see cref="GetForecast.WeeksMax"/>.</summary>
    public int? Weeks { get; init; }

    /// <summary>0 to 365; none: the policy's.</summary>
    public int? LeadTimeDays { get; init; }

    /// <summary>0.5 to below 1; none: the policy's.</summary>
    public double? ServiceLevel { get; init; }
}

/// <summary>What became of it. Append only; a number is never used again.</summary>
public enum ForecastOutcome
{
    /// <summary>It is there.</summary>
    Done = 1,

    /// <summary>There is no such item.</summary>
    SkuUnknown = 2,

    /// <summary>There is no such warehouse.</summary>
    WarehouseUnknown = 3,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Forecast">None with a refusal.</param>
public sealed record ForecastAnswer(ForecastOutcome Outcome, ItemForecast? Forecast);

/// <summary>The forecast of an item. Amounts are in its base unit.</summary>
/// <param name="FirstDay">The first of the days that were looked at, UTC.</param>
/// <param name="History">What was sold on each day, less what came back.</param>
/// <param name="Demand">What follows from them.</param>
/// <param name="Available">What can be held now.</param>
/// <param name="LeadTimeDays">That the reorder point is for.</param>
/// <param name="ServiceLevel">That the reorder point is for.</param>
public sealed record ItemForecast(
    DateTime FirstDay,
    IReadOnlyList<long> History,
    DemandForecast Demand,
    long Available,
    int LeadTimeDays,
    double ServiceLevel
)
{
    /// <summary>How long what is available lasts; none without demand.</summary>
    public double? DaysOfCover => Demand.DaysOfCover(Available, GetForecast.CoverDaysMax);

    /// <summary>What is to be left when it is ordered.</summary>
    public long ReorderPoint => Demand.ReorderPoint(LeadTimeDays, ServiceLevel);
}
