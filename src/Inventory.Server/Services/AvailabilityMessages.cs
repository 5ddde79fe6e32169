using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Availability;
using Inventory.V1;
using AvailabilitySource = Inventory.V1.AvailabilitySource;
using CartLine = Inventory.Engine.Availability.CartLine;
using Consistency = Inventory.Engine.Availability.Consistency;

namespace Inventory.Server.Services;

/// <summary>Availability between the wire and the engine.</summary>
internal static class AvailabilityMessages
{
    public static Consistency ToEngine(V1.Consistency consistency) =>
        consistency == V1.Consistency.Strong ? Consistency.Strong : Consistency.Eventual;

    /// <param name="lines">Valid.</param>
    public static CartLine[] ToEngine(IReadOnlyList<V1.CartLine> lines)
    {
        var cart = new CartLine[lines.Count];
        for (var i = 0; i < cart.Length; i++)
        {
            var line = lines[i];
            cart[i] = new(line.Sku, StockMessages.NullIfEmpty(line.Warehouse), line.Quantity);
        }

        return cart;
    }

    public static Availability ToWire(ItemAvailability item)
    {
        var message = new Availability
        {
            Sku = item.Sku,
            Totals = ToWire(item.Totals),
            AsOf = Timestamp.FromDateTime(item.Freshness.AsOf),
            Age = Duration.FromTimeSpan(item.Freshness.Age),
            Source = ToWire(item.Freshness.Source),
        };
        foreach (ref readonly var stock in item.Warehouses.AsSpan())
        {
            message.Warehouses.Add(
                new WarehouseAvailability
                {
                    Warehouse = stock.Warehouse,
                    Levels = ToWire(stock.Amounts),
                    StockVersion = stock.Version,
                }
            );
        }

        return message;
    }

    public static CheckInventoryAvailabilityResponse ToWire(CartAvailability cart)
    {
        // Where no line names an item nothing was read, and it is the database that knows of none.
        var message = new CheckInventoryAvailabilityResponse
        {
            Available = cart.Available,
            Source = cart.Freshness is { } fresh ? ToWire(fresh.Source) : AvailabilitySource.Database,
        };
        if (cart.Freshness is { } freshness)
        {
            message.AsOf = Timestamp.FromDateTime(freshness.AsOf);
            message.Age = Duration.FromTimeSpan(freshness.Age);
        }

        foreach (var line in cart.Lines)
        {
            message.Lines.Add(
                new CartLineAvailability
                {
                    Sku = line.Line.Sku,
                    Quantity = line.Line.Quantity,
                    Warehouse = line.Line.Warehouse ?? "",
                    Verdict = ToWire(line.Verdict),
                    Available = line.Available,
                }
            );
        }

        return message;
    }

    private static StockLevels ToWire(in ShownAmounts amounts) =>
        new()
        {
            OnHand = amounts.OnHand,
            Reserved = amounts.Reserved,
            Damaged = amounts.Damaged,
            QualityControl = amounts.QualityControl,
            InTransit = amounts.InTransit,
            SafetyStock = amounts.SafetyStock,
            Waiting = amounts.Waiting,
            Available = amounts.Available,
        };

    private static AvailabilitySource ToWire(Engine.Availability.AvailabilitySource source) =>
        source switch
        {
            Engine.Availability.AvailabilitySource.Cache => AvailabilitySource.Cache,
            Engine.Availability.AvailabilitySource.Database => AvailabilitySource.Database,
        };

    private static LineAvailability ToWire(CartVerdict verdict) =>
        verdict switch
        {
            CartVerdict.SkuUnknown => LineAvailability.SkuUnknown,
            CartVerdict.WarehouseUnknown => LineAvailability.WarehouseUnknown,
            CartVerdict.ItemDiscontinued => LineAvailability.ItemDiscontinued,
            CartVerdict.WarehouseInactive => LineAvailability.WarehouseInactive,
            CartVerdict.StockShort => LineAvailability.InsufficientStock,
            CartVerdict.Available => LineAvailability.Available,
        };
}
