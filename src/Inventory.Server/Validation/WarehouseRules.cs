using Inventory.Engine.Database;
using Inventory.Server.Errors;
using Inventory.V1;
using ListWarehouses = Inventory.Engine.Warehouses.ListWarehouses;

namespace Inventory.Server.Validation;

/// <summary>
/// What a request of WarehouseService must be before the engine sees it. Each answers null when all is well.
/// </summary>
internal static class WarehouseRules
{
    private const int NameLengthMax = 200;
    private const int AddressLengthMax = 500;
    private const int PostalCodeLengthMax = 32;
    private const int PriorityMax = 1_000_000;

    /// <summary>The first is the default.</summary>
    public static readonly string[] Orders = ["priority", "code"];

    public static ApiError? Check(CreateWarehouseRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("code", TextRules.NewKey(request.Code, PublicId.WarehousePrefix));
        violations.Add("name", TextRules.Required(request.Name, NameLengthMax));
        violations.Add("type", Enum.IsDefined(request.Type) ? null : Problem.UnknownValue);
        violations.Add("priority", Priority(request.Priority));
        if (request.Location is { } location)
        {
            CheckLocation(location, ref violations);
        }

        return violations.Error;
    }

    public static ApiError? Check(GetWarehouseRequest request)
    {
        var violations = new Violations();
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        return violations.Error;
    }

    public static ApiError? Check(UpdateWarehouseRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        var fields = WarehouseFields.Of(request);
        MaskRules.Check(request.UpdateMask, WarehouseFields.All, fields, ref violations);
        if (fields.Contains(WarehouseFields.Name))
        {
            violations.Add("name", TextRules.Required(request.Name, NameLengthMax));
        }

        violations.Add("type", Enum.IsDefined(request.Type) ? null : Problem.UnknownValue);
        violations.Add("priority", Priority(request.Priority));
        if (request.Location is { } location)
        {
            CheckLocation(location, ref violations);
        }

        return violations.Error;
    }

    public static ApiError? Check(DeleteWarehouseRequest request)
    {
        var violations = new Violations();
        violations.Add("request_id", TextRules.OptionalRequestId(request.RequestId));
        violations.Add("warehouse", TextRules.Key(request.Warehouse));
        violations.Add("expected_version", NumberRules.Version(request.HasExpectedVersion, request.ExpectedVersion));
        return violations.Error;
    }

    public static ApiError? Check(ListWarehousesRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListWarehouses.PageSizeMax, request.PageToken, ref violations);
        violations.Add("type", Enum.IsDefined(request.Type) ? null : Problem.UnknownValue);
        violations.Add("order_by", PageRules.Order(request.OrderBy, Orders));
        return violations.Error;
    }

    private static Problem? Priority(int priority) =>
        priority is >= 0 and <= PriorityMax ? null : Problem.OutOfRange($"0 to {PriorityMax}");

    private static void CheckLocation(Location location, ref Violations violations)
    {
        violations.Add("location.address", TextRules.Optional(location.Address, AddressLengthMax));
        violations.Add("location.city", TextRules.Optional(location.City, NameLengthMax));
        violations.Add("location.region", TextRules.Optional(location.Region, NameLengthMax));
        violations.Add("location.postal_code", TextRules.Optional(location.PostalCode, PostalCodeLengthMax));
        violations.Add("location.country_code", Country(location.CountryCode));
        violations.Add("location.latitude", Degrees(location.HasLatitude, location.Latitude, 90));
        violations.Add("location.longitude", Degrees(location.HasLongitude, location.Longitude, 180));
        if (location.HasLatitude != location.HasLongitude)
        {
            violations.Add("location", Problem.Conflict("has one of latitude and longitude, and needs both or none"));
        }
    }

    private static Problem? Country(string code) =>
        code.Length == 0 || (code.Length == 2 && code.All(char.IsAsciiLetterUpper))
            ? null
            : Problem.Format("two capital letters of ISO 3166-1");

    /// <summary>NaN is in no range.</summary>
    private static Problem? Degrees(bool given, double degrees, int max) =>
        !given || (degrees >= -max && degrees <= max) ? null : Problem.OutOfRange($"-{max} to {max} degrees");
}
