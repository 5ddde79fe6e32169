using Inventory.Engine.Database;
using Inventory.Engine.Events;
using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Followers;
using Inventory.Server.Events;
using Inventory.Server.Events.Rabbit;
using Npgsql;

namespace Inventory.Server.Followers;

/// <summary>
/// Sends each row of the journal to RabbitMQ as an event. The cursor moves when the broker has confirmed a page, so
/// what it has not confirmed is in the journal still, and while it is away the backlog is nowhere else.
/// </summary>
internal sealed class RabbitFollower(
    RabbitPublisher publisher,
    RabbitOptions options,
    CloudEvents events,
    ReadEvents reader,
    StockDirectory directory
) : IJournalFollower
{
    public string Name => "rabbitmq";

    /// <summary>
    /// As many as a slow broker confirms well within what a page may take: one that takes longer is sent again, whole.
    /// </summary>
    public int PageSize => 250;

    public async Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<JournalEntry> entries,
        CancellationToken cancellation
    )
    {
        var era = await reader.EraAsync(cancellation);
        var owners = await directory.DescribeAsync(
            [.. entries.Where(e => e.StockId is not null).Select(e => e.StockId!.Value).Distinct()],
            cancellation
        );
        var messages = entries.Select(entry =>
            ToMessage(era, ToEvent(entry, entry.StockId is { } id ? owners.GetValueOrDefault(id) : null))
        );
        await publisher.PublishAsync([.. messages], cancellation);
    }

    private RabbitMessage ToMessage(long era, ChangeEvent change) =>
        new(
            EventIds.Event(era, change.Position),
            EventTypes.Of(change.Kind),
            RabbitMessage.RoutingKeyOf(change),
            DateTime.SpecifyKind(change.At, DateTimeKind.Utc),
            events.Write(options.Format, era, change)
        );

    private static ChangeEvent ToEvent(JournalEntry entry, StockOwner? owner) =>
        new()
        {
            Position = entry.Position,
            At = entry.At,
            StockId = entry.StockId,
            Sku = owner?.Sku ?? "",
            Warehouse = owner?.Warehouse ?? "",
            Version = entry.Version ?? 0,
            Document = entry.Document,
            Kind = entry.Kind,
            Change = new(
                entry.OnHand,
                entry.Reserved,
                entry.Damaged,
                entry.QualityControl,
                entry.InTransit,
                entry.SafetyStock,
                entry.Waiting
            ),
            Actor = entry.Actor,
            Reason = entry.Reason,
        };
}
