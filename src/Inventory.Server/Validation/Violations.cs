using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Errors;

namespace Inventory.Server.Validation;

/// <summary>Collects all that is wrong with a request. A request with nothing wrong costs nothing.</summary>
internal struct Violations
{
    private BadRequest? found;

    /// <summary>INVALID_ARGUMENT with every violation; null when there is none.</summary>
    public readonly ApiError? Error
    {
        get
        {
            if (found is null)
            {
                return null;
            }

            var first = found.FieldViolations[0];
            var more = found.FieldViolations.Count - 1;
            var message = $"{first.Field} {first.Description}{(more == 0 ? "." : $", and {more} more.")}";
            DetailLimit.Apply(
                found.FieldViolations,
                missing => new() { Description = $"{missing} more violations are not listed", Reason = "MORE" }
            );
            return new(StatusCode.InvalidArgument, Reasons.FieldInvalid, message, details: found);
        }
    }

    /// <param name="field">A path of proto field names.</param>
    /// <param name="problem">Null when nothing is wrong.</param>
    public void Add(string field, Problem? problem)
    {
        if (problem is not null)
        {
            found ??= new();
            found.FieldViolations.Add(
                new BadRequest.Types.FieldViolation
                {
                    Field = field,
                    Description = problem.Description,
                    Reason = problem.Reason,
                }
            );
        }
    }
}
