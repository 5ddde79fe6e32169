using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Inventory.Server.Errors;
using Inventory.Server.Security;
using Inventory.V1;
using ListUsers = Inventory.Engine.Users.ListUsers;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of UserService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static partial class UserRules
{
    public const int NameLengthMax = 64;
    public const string Roles = "roles";
    public const string Warehouses = "warehouses";
    public const string Disabled = "disabled";

    /// <summary>What can be edited, as a mask names it.</summary>
    public static readonly string[] Fields = [Roles, Warehouses, Disabled];

    private const int RolesMax = 10;
    private const int WarehousesMax = 100;

    private static readonly Problem BadName = Problem.Format(
        $"a letter or digit, then up to {NameLengthMax - 1} letters, digits, dots, underscores, hyphens or at signs"
    );

    private static readonly Problem BadRole = new(
        "UNKNOWN_VALUE",
        $"is none of {string.Join(", ", ScopeNames.AllRoles.Order(StringComparer.Ordinal))}"
    );

    public static bool IsName(string name) => Name().IsMatch(name);

    public static ApiError? Check(CreateUserRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("name", NameProblem(request.Name));
        CheckRoles(request.Roles, ref violations);
        CheckWarehouses(request.Warehouses, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(ListUsersRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListUsers.PageSizeMax, request.PageToken, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(UpdateUserRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("name", NameProblem(request.Name));
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        var fields = FieldsOf(request);
        MaskRules.Check(request.UpdateMask, Fields, fields, ref violations);
        if (fields.Contains(Roles) || request.Roles.Count > 0)
        {
            CheckRoles(request.Roles, ref violations);
        }

        CheckWarehouses(request.Warehouses, ref violations);
        return violations.Error;
    }

    public static ApiError? Check(ResetUserPasswordRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("name", NameProblem(request.Name));
        return violations.Error;
    }

    public static HashSet<string> FieldsOf(UpdateUserRequest request) =>
        MaskRules.Fields(
            request.UpdateMask,
            Fields,
            field =>
                field switch
                {
                    Roles => request.Roles.Count > 0,
                    Warehouses => request.Warehouses.Count > 0,
                    _ => request.HasDisabled,
                }
        );

    private static Problem? NameProblem(string name) =>
        TextRules.Required(name, NameLengthMax) ?? (IsName(name) ? null : BadName);

    private static void CheckRoles(RepeatedField<string> roles, ref Violations violations)
    {
        if (roles.Count is 0 or > RolesMax)
        {
            violations.Add(Roles, roles.Count == 0 ? Problem.Required : Problem.OutOfRange($"1 to {RolesMax} roles"));
            return;
        }

        for (var i = 0; i < roles.Count; i++)
        {
            violations.Add($"{Roles}[{i}]", ScopeNames.AllRoles.Contains(roles[i]) ? null : BadRole);
        }
    }

    private static void CheckWarehouses(RepeatedField<string> warehouses, ref Violations violations)
    {
        if (warehouses.Count > WarehousesMax)
        {
            violations.Add(Warehouses, Problem.OutOfRange($"at most {WarehousesMax} warehouses"));
            return;
        }

        for (var i = 0; i < warehouses.Count; i++)
        {
            violations.Add($"{Warehouses}[{i}]", TextRules.Key(warehouses[i]));
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\z")]
    private static partial Regex Name();
}
