using Inventory.Engine.Catalog.Identifiers;
using Inventory.Server.Errors;
using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>What is wrong with a request of ScanService.</summary>
internal static class ScanRules
{
    private const string Field = "text";

    /// <summary>A text that says nothing; not repeated, whatever it holds.</summary>
    public static ApiError Unread(ResolveIdentifierRequest request, string problem)
    {
        var violations = new Violations();
        violations.Add(
            Field,
            TextRules.Required(request.Text.Replace("\u001d", "", StringComparison.Ordinal), ParseIdentifier.LengthMax)
                ?? new Problem("FORMAT", problem)
        );
        return violations.Error!;
    }
}
