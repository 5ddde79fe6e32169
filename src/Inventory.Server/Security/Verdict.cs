using Inventory.Server.Errors;

namespace Inventory.Server.Security;

/// <summary>What came of judging a credential: a caller, or why there is none.</summary>
internal readonly record struct Verdict(Caller? Caller, ApiError? Error)
{
    public static implicit operator Verdict(Caller caller) => new(caller, null);

    public static implicit operator Verdict(ApiError error) => new(null, error);
}
