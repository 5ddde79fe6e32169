using Inventory.Engine.Availability;

namespace Inventory.Server.Errors;

/// <summary>What each outcome of a read of availability means to a caller. Null is OK.</summary>
internal static class AvailabilityErrors
{
    /// <param name="outcome">Of the engine.</param>
    /// <param name="unknown">The name that is not known, where one is not.</param>
    public static ApiError? Of(AvailabilityOutcome outcome, string? unknown) =>
        outcome switch
        {
            AvailabilityOutcome.Found => null,
            AvailabilityOutcome.SkuUnknown => CommonErrors.SkuUnknown(unknown!),
            AvailabilityOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(unknown!),
            AvailabilityOutcome.Overloaded => Faults.Overloaded,
        };
}
