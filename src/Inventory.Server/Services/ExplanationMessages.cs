using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Availability;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.V1;
using ExplainedLine = Inventory.V1.ExplainedLine;
using ExplainedSource = Inventory.V1.ExplainedSource;
using SourceChoice = Inventory.V1.SourceChoice;
using StockTerm = Inventory.V1.StockTerm;

namespace Inventory.Server.Services;

/// <summary>Explanations on their way to the wire.</summary>
internal static class ExplanationMessages
{
    public static ExplainAvailabilityResponse ToWire(AvailabilityExplanation explanation)
    {
        var message = new ExplainAvailabilityResponse
        {
            Sku = explanation.Sku,
            Sellable = explanation.Sellable,
            Warehouses = { explanation.Stock.Select(ToWire) },
            Parts = { explanation.Parts.Select(p => new ExplainedPart { Sku = p.Sku, Quantity = p.Quantity }) },
        };
        if (explanation.Stock.Count > 0)
        {
            message.AsOf = Timestamp.FromDateTime(explanation.Stock[0].AsOf);
        }

        return message;
    }

    public static ExplainReservationResponse ToWire(Explanation explanation)
    {
        var message = new ExplainReservationResponse
        {
            Verdict = explanation.Verdict is { } verdict ? ToWire(verdict) : ReserveVerdict.Unspecified,
            Lines = { explanation.Lines.Select(ToWire) },
            AsOf = Timestamp.FromDateTime(explanation.AsOf),
        };
        if (explanation.Reservation is { } reservation)
        {
            message.Reservation = ReservationMessages.ToWire(reservation);
        }

        return message;
    }

    private static ExplainedLine ToWire(Engine.Reservations.ExplainedLine line) =>
        new()
        {
            Sku = line.Sku,
            Warehouse = line.Warehouse ?? "",
            Quantity = line.Quantity,
            HeldQuantity = line.HeldQuantity,
            Refusal = line.Refusal is { } refusal ? ToWire(refusal) : ReserveVerdict.Unspecified,
            Sources =
            {
                line.Warehouses.Select(w => new ExplainedSource
                {
                    Stock = ToWire(w.Stock),
                    Quantity = w.Quantity,
                    Choice = (SourceChoice)w.Choice,
                }),
            },
        };

    private static StockExplanation ToWire(ExplainedStock stock)
    {
        var message = new StockExplanation
        {
            Warehouse = stock.Warehouse,
            Priority = stock.Priority,
            Levels = new StockLevels
            {
                OnHand = stock.OnHand,
                Reserved = stock.Reserved,
                Damaged = stock.Damaged,
                QualityControl = stock.QualityControl,
                InTransit = stock.InTransit,
                SafetyStock = stock.SafetyStock,
                Waiting = stock.Waiting,
                Available = Math.Max(0, stock.Available),
            },
            Sellable = stock.Sellable,
            DueQuantity = stock.Due,
            NextLapseQuantity = stock.NextLapseQuantity,
            Sku = stock.Sku,
        };
        foreach (var (term, quantity) in stock.Blocks)
        {
            message.Blocks.Add(new StockBlock { Term = (StockTerm)term, Quantity = quantity });
        }

        if (stock.NextLapseAt is { } at)
        {
            message.NextLapseTime = Timestamp.FromDateTime(at);
        }

        return message;
    }

    private static ReserveVerdict ToWire(ReserveOutcome outcome) =>
        outcome switch
        {
            ReserveOutcome.Held or ReserveOutcome.WouldHold => ReserveVerdict.Held,
            // What is explained is not asked to wait.
            ReserveOutcome.Waits or ReserveOutcome.WouldWait => ReserveVerdict.Unspecified,
            ReserveOutcome.Replayed => ReserveVerdict.Replayed,
            ReserveOutcome.RequestIdReused => ReserveVerdict.RequestIdReused,
            ReserveOutcome.SkuUnknown => ReserveVerdict.SkuUnknown,
            ReserveOutcome.WarehouseUnknown => ReserveVerdict.WarehouseUnknown,
            ReserveOutcome.ItemDiscontinued => ReserveVerdict.ItemDiscontinued,
            ReserveOutcome.WarehouseInactive => ReserveVerdict.WarehouseInactive,
            ReserveOutcome.StockShort => ReserveVerdict.InsufficientStock,
            // Explanations do not wait in a queue, and hold nothing.
            ReserveOutcome.Overloaded or ReserveOutcome.TooManyOpen => ReserveVerdict.Unspecified,
        };
}
