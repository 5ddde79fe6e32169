using Inventory.Server.Errors;

namespace Inventory.Server.Rest;

/// <summary>The request cannot become a call: what the caller is told, and by which HTTP status.</summary>
internal sealed class RestRefusal(ApiError error, int? httpStatus = null) : Exception(error.Details.Message)
{
    public ApiError Error { get; } = error;

    public int HttpStatus { get; } = httpStatus ?? Rest.HttpStatus.Of(error.Code);
}
