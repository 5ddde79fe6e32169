using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Services;

/// <summary>
/// The results of refused rows. Clients bound a message at 4 MiB unless told otherwise: when their details have grown
/// to a quarter of that, the rest go without.
/// </summary>
internal sealed class RowErrors
{
    private const int DetailBytesMax = 1024 * 1024;
    private int bytes;

    public BulkUpdateResult Result(int index, ApiError error)
    {
        var status = error.Details;
        bytes += status.CalculateSize();
        return new()
        {
            Index = index,
            Outcome = BulkRowOutcome.Refused,
            Error = bytes <= DetailBytesMax ? status : new() { Code = status.Code, Message = status.Message },
        };
    }
}
