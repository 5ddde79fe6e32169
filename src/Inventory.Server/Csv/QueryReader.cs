using Inventory.Server.Errors;
using Inventory.Server.Validation;

namespace Inventory.Server.Csv;

/// <summary>
/// Reads the parameters of a URL, and collects all that is wrong with them; also those that nobody asked for.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private static readonly Problem Repeated = Problem.Conflict("is given more than once");

    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private Violations violations;

    /// <summary>Asked for when all parameters are read: what is left over is unknown.</summary>
    public ApiError? Error
    {
        get
        {
            foreach (var (name, _) in query.Where(q => !known.Contains(q.Key)))
            {
                violations.Add(name, Problem.UnknownParameter);
            }

            return violations.Error;
        }
    }

    public void Add(string field, Problem? problem) => violations.Add(field, problem);

    /// <summary>Null where it is not given.</summary>
    public string? Text(string name)
    {
        known.Add(name);
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        violations.Add(name, values.Count > 1 ? Repeated : null);
        return values[0];
    }

    public bool Flag(string name)
    {
        var text = Text(name);
        var isFlag = text is null or "true" or "false";
        violations.Add(name, isFlag ? null : Problem.Format("true or false"));
        return text == "true";
    }
}
