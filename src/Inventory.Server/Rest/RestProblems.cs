using Inventory.Server.Errors;
using Inventory.Server.Validation;

namespace Inventory.Server.Rest;

/// <summary>All that is wrong with how a request is written. What its values mean is the service's to judge.</summary>
internal sealed class RestProblems
{
    private Violations violations;

    /// <summary>INVALID_ARGUMENT with every violation; null when there is none.</summary>
    public ApiError? Error => violations.Error;

    /// <param name="field">A path of proto field names; what names no field as the caller wrote it.</param>
    /// <param name="problem">Null when nothing is wrong.</param>
    public void Add(string field, Problem? problem) => violations.Add(field, problem);
}
