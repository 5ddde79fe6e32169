using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Inventory.Engine.Journal;

namespace Inventory.Server.Errors;

/// <summary>What it means to a caller that a watch did not begin, or ended.</summary>
internal static class WatchErrors
{
    public static ApiError Of(WatchEnd end) =>
        end.Outcome switch
        {
            WatchOutcome.Watching => throw new InvalidOperationException("A watch that goes on has not ended."),
            WatchOutcome.SkuUnknown => CommonErrors.SkuUnknown(end.Unknown),
            WatchOutcome.WarehouseUnknown => CommonErrors.WarehouseUnknown(end.Unknown),
            WatchOutcome.ReservationUnknown => CommonErrors.NotFound(
                Reasons.ReservationUnknown,
                ReservationErrors.ReservationType,
                end.Unknown
            ),
            WatchOutcome.TokenInvalid => TokenInvalid(),
            WatchOutcome.TokenTooOld => TokenTooOld(end.OldestPosition),
            WatchOutcome.TooManyWatchers => Faults.TooManyWatchers,
            WatchOutcome.TooManyReservations => TooManyReservations(),
            WatchOutcome.EraOver => Faults.EraOver,
            WatchOutcome.ItemIsKit => CommonErrors.Precondition(
                Reasons.ItemIsKit,
                end.Unknown[0],
                "is a kit, which has no stock of its own: watch what it is made of"
            ),
        };

    private static ApiError TokenInvalid() =>
        new(
            StatusCode.InvalidArgument,
            Reasons.FieldInvalid,
            "resume_token was not given by this operation for what is watched.",
            details: new BadRequest
            {
                FieldViolations =
                {
                    new BadRequest.Types.FieldViolation
                    {
                        Field = "resume_token",
                        Description = "was not given by this operation for what is watched",
                        Reason = "FORMAT",
                    },
                },
            }
        );

    private static ApiError TokenTooOld(long oldestPosition)
    {
        var oldest = oldestPosition.ToString(CultureInfo.InvariantCulture);
        return new(
            StatusCode.OutOfRange,
            Reasons.TokenTooOld,
            $"What has changed since the token is not kept; the oldest position is {oldest}. Begin without a token.",
            [new("oldest_position", oldest)]
        );
    }

    private static ApiError TooManyReservations() =>
        new(
            StatusCode.ResourceExhausted,
            Reasons.TooManyReservations,
            "The orders have more reservations than one watch follows. Watch fewer orders."
        );
}
