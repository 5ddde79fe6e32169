using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Warehouses;
using Inventory.Server.Validation;
using Inventory.V1;
using EngineWarehouse = Inventory.Engine.Warehouses.Warehouse;
using EngineWarehouseType = Inventory.Engine.Warehouses.WarehouseType;
using WarehouseType = Inventory.V1.WarehouseType;

namespace Inventory.Server.Services;

/// <summary>Warehouses between the wire and the engine.</summary>
internal static class WarehouseMessages
{
    private const int DefaultPriority = 100;

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static NewWarehouse ToEngine(CreateWarehouseRequest request, Actor caller) =>
        new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Code = request.Code,
            Name = request.Name,
            Type = ToEngine(request.Type),
            Priority = request.HasPriority ? request.Priority : DefaultPriority,
            Active = !request.HasActive || request.Active,
            Location = ToEngine(request.Location ?? new()),
        };

    /// <param name="request">Valid.</param>
    /// <param name="caller">Part of the request's identity.</param>
    public static WarehouseEdit ToEngine(UpdateWarehouseRequest request, Actor caller)
    {
        var fields = WarehouseFields.Of(request);
        return new()
        {
            Caller = caller,
            RequestId = RequestIds.OrMade(request.RequestId),
            Warehouse = request.Warehouse,
            ExpectedRevision = request.HasExpectedVersion ? request.ExpectedVersion : null,
            Name = fields.Contains(WarehouseFields.Name) ? request.Name : null,
            Type = fields.Contains(WarehouseFields.Type) ? ToEngine(request.Type) : null,
            Priority =
                !fields.Contains(WarehouseFields.Priority) ? null
                : request.HasPriority ? request.Priority
                : DefaultPriority,
            Active = fields.Contains(WarehouseFields.Active) ? !request.HasActive || request.Active : null,
            Location = fields.Contains(WarehouseFields.Location) ? ToEngine(request.Location ?? new()) : null,
        };
    }

    /// <param name="request">Valid.</param>
    public static WarehouseFilter ToEngine(ListWarehousesRequest request) =>
        new()
        {
            Active = request.HasActive ? request.Active : null,
            Type = request.Type == WarehouseType.Unspecified ? null : ToEngine(request.Type),
            ByCode = request.OrderBy == WarehouseRules.Orders[1],
        };

    public static V1.Warehouse ToWire(EngineWarehouse warehouse) =>
        new()
        {
            WarehouseId = PublicId.Warehouse(warehouse.WarehouseId),
            Code = warehouse.Code,
            Name = warehouse.Name,
            Location = ToWire(warehouse.Location),
            Type = ToWire(warehouse.Type),
            Priority = warehouse.Priority,
            Active = warehouse.Active,
            Version = warehouse.Revision,
            CreateTime = Timestamp.FromDateTime(warehouse.CreatedAt),
            UpdateTime = Timestamp.FromDateTime(warehouse.UpdatedAt),
        };

    private static WarehouseLocation ToEngine(Location location) =>
        new()
        {
            Address = location.Address,
            City = location.City,
            Region = location.Region,
            PostalCode = location.PostalCode,
            CountryCode = location.CountryCode,
            Latitude = location.HasLatitude ? location.Latitude : null,
            Longitude = location.HasLongitude ? location.Longitude : null,
        };

    private static Location ToWire(WarehouseLocation location)
    {
        var message = new Location
        {
            Address = location.Address,
            City = location.City,
            Region = location.Region,
            PostalCode = location.PostalCode,
            CountryCode = location.CountryCode,
        };
        if (location is { Latitude: { } latitude, Longitude: { } longitude })
        {
            message.Latitude = latitude;
            message.Longitude = longitude;
        }

        return message;
    }

    private static EngineWarehouseType ToEngine(WarehouseType type) =>
        type switch
        {
            WarehouseType.Unspecified or WarehouseType.DistributionCenter => EngineWarehouseType.DistributionCenter,
            WarehouseType.FulfillmentCenter => EngineWarehouseType.FulfillmentCenter,
            WarehouseType.Store => EngineWarehouseType.Store,
            WarehouseType.Supplier => EngineWarehouseType.Supplier,
            WarehouseType.ReturnsCenter => EngineWarehouseType.ReturnsCenter,
        };

    private static WarehouseType ToWire(EngineWarehouseType type) =>
        type switch
        {
            EngineWarehouseType.DistributionCenter => WarehouseType.DistributionCenter,
            EngineWarehouseType.FulfillmentCenter => WarehouseType.FulfillmentCenter,
            EngineWarehouseType.Store => WarehouseType.Store,
            EngineWarehouseType.Supplier => WarehouseType.Supplier,
            EngineWarehouseType.ReturnsCenter => WarehouseType.ReturnsCenter,
        };
}
