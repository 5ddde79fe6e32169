using Inventory.Engine.Counts;
using Inventory.Server.Services;
using Inventory.Server.Validation;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of a count means to a caller. Null is OK.</summary>
internal static class CountErrors
{
    private const string CountType = "count";

    public static ApiError? Of(CreateCountAnswer answer, NewCount request) =>
        answer.Outcome switch
        {
            CreateCountOutcome.Created or CreateCountOutcome.Replayed => null,
            CreateCountOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            CreateCountOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(request.Warehouse),
            CreateCountOutcome.SkuUnknown => CommonErrors.SkuUnknown(answer.Names),
            CreateCountOutcome.ItemIsKit => IsKit(answer.Names),
        };

    public static ApiError? Of(RecordCountsAnswer answer, CountRecording request) =>
        answer.Outcome switch
        {
            RecordCountsOutcome.Recorded or RecordCountsOutcome.Replayed => null,
            RecordCountsOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            RecordCountsOutcome.CountUnknown => NotFound($"{request.CountId}"),
            RecordCountsOutcome.CountEnded => Ended(answer.Count!),
            RecordCountsOutcome.SkuUnknown => CommonErrors.SkuUnknown(answer.Names),
            RecordCountsOutcome.ItemIsKit => IsKit(answer.Names),
            RecordCountsOutcome.NotInCount => NotInCount(answer.Names),
            RecordCountsOutcome.LineApproved => CommonErrors.Preconditions(
                Reasons.LineApproved,
                answer.Names,
                "is in the stock as it was counted: begin another count"
            ),
            RecordCountsOutcome.CountedTwice => CountedTwice(),
        };

    public static ApiError? Of(CountSheet sheet, string countId) =>
        sheet.Outcome switch
        {
            GetCountOutcome.Found => null,
            GetCountOutcome.CountUnknown => NotFound(countId),
            GetCountOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(ListCountsOutcome outcome, string? sku, string? warehouse) =>
        outcome switch
        {
            ListCountsOutcome.Listed => null,
            ListCountsOutcome.SkuUnknown => CommonErrors.SkuUnknown(sku!),
            ListCountsOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(warehouse!),
            ListCountsOutcome.PageTokenInvalid => WarehouseErrors.PageTokenInvalid(),
        };

    public static ApiError? Of(ApproveCountAnswer answer, CountApproval request) =>
        answer.Outcome switch
        {
            ApproveCountOutcome.Approved or ApproveCountOutcome.Replayed => null,
            ApproveCountOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            ApproveCountOutcome.CountUnknown => NotFound($"{request.CountId}"),
            ApproveCountOutcome.CountEnded => Ended(answer.Count!),
            ApproveCountOutcome.VersionConflict => Stale(answer.Count!),
            ApproveCountOutcome.SkuUnknown => CommonErrors.SkuUnknown(answer.Names),
            ApproveCountOutcome.NotInCount => NotInCount(answer.Names),
        };

    public static ApiError? Of(CancelCountAnswer answer, CountEnd request) =>
        answer.Outcome switch
        {
            CancelCountOutcome.Cancelled or CancelCountOutcome.Replayed => null,
            CancelCountOutcome.RequestIdReused => CommonErrors.RequestIdReused(request.RequestId),
            CancelCountOutcome.CountUnknown => NotFound($"{request.CountId}"),
            CancelCountOutcome.CountEnded => Ended(answer.Count!),
            CancelCountOutcome.VersionConflict => Stale(answer.Count!),
        };

    private static ApiError NotFound(string countId) => CommonErrors.NotFound(Reasons.CountUnknown, CountType, countId);

    private static ApiError Stale(StockCount count) =>
        CommonErrors.VersionConflict($"Count {count.CountId}", count.Version);

    private static ApiError Ended(StockCount count)
    {
        var state = CountMessages.NameOf(count.State);
        return CommonErrors.Precondition(
            Reasons.CountState,
            $"Count {count.CountId}",
            $"is {state}",
            KeyValuePair.Create("state", state)
        );
    }

    private static ApiError IsKit(IReadOnlyList<string> names) =>
        CommonErrors.Preconditions(Reasons.ItemIsKit, names, "is a kit, which has no stock of its own: its parts have");

    private static ApiError NotInCount(IReadOnlyList<string> names) =>
        CommonErrors.Preconditions(Reasons.NotInCount, names, "is not among the items that this count is of");

    private static ApiError? CountedTwice()
    {
        var violations = new Violations();
        violations.Add("lines", CountRules.CountedTwice);
        return violations.Error;
    }
}
