using Inventory.V1;

namespace Inventory.Server.Validation;

/// <summary>The fields of a warehouse that can be edited, as a mask names them.</summary>
internal static class WarehouseFields
{
    public const string Name = "name";
    public const string Location = "location";
    public const string Type = "type";
    public const string Priority = "priority";
    public const string Active = "active";

    public static readonly string[] All = [Name, Location, Type, Priority, Active];

    /// <summary>Those that a request edits.</summary>
    public static HashSet<string> Of(UpdateWarehouseRequest request) =>
        MaskRules.Fields(
            request.UpdateMask,
            All,
            field =>
                field switch
                {
                    Name => request.HasName,
                    Location => request.Location is not null,
                    Type => request.Type != WarehouseType.Unspecified,
                    Priority => request.HasPriority,
                    _ => request.HasActive,
                }
        );
}
