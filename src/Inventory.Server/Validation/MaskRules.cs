using Google.Protobuf.WellKnownTypes;

namespace Inventory.Server.Validation;

/// <summary>
/// What an edit sets: the fields that its mask names, or all with "*"; without a mask those that the request has set.
/// </summary>
internal static class MaskRules
{
    private const string All = "*";
    private const int PathsMax = 100;

    /// <param name="mask">As the request has it.</param>
    /// <param name="fields">All that can be edited.</param>
    /// <param name="isSet">Whether the request has set a field.</param>
    /// <returns>Empty if nothing is to be edited, which <see cref="Check"/> refuses.</returns>
    public static HashSet<string> Fields(FieldMask? mask, IReadOnlyList<string> fields, Func<string, bool> isSet) =>
        mask is null || mask.Paths.Count == 0 ? [.. fields.Where(isSet)]
        : mask.Paths.Contains(All) ? [.. fields]
        : [.. mask.Paths];

    public static void Check(
        FieldMask? mask,
        IReadOnlyList<string> fields,
        HashSet<string> named,
        ref Violations violations
    )
    {
        if (named.Count == 0)
        {
            violations.Add("update_mask", new Problem("REQUIRED", "is required, or a field to set"));
        }

        if (mask?.Paths.Count > PathsMax)
        {
            violations.Add("update_mask", Problem.OutOfRange($"at most {PathsMax} paths"));
            return;
        }

        for (var i = 0; i < (mask?.Paths.Count ?? 0); i++)
        {
            if (mask!.Paths[i] != All && !fields.Contains(mask.Paths[i]))
            {
                violations.Add(
                    $"update_mask.paths[{i}]",
                    new Problem("UNKNOWN_VALUE", $"is none of {string.Join(", ", fields)}")
                );
            }
        }
    }
}
