namespace Inventory.Server.Hosting;

/// <summary>What the server can be told of scans.</summary>
internal static class ScanSettings
{
    public static readonly Setting RfidWindow = new(
        "INVENTORY_RFID_WINDOW",
        "--rfid-window",
        "seconds that must lie between two reads of an RFID tag for both to count, 0 to 86,400 (5); 0 counts each"
    );

    public static readonly Setting Queue = new(
        "INVENTORY_RABBITMQ_SCANS",
        "--rabbitmq-scans",
        "the queue at RabbitMQ that scans are taken from, 1 to 200 characters; made, durable, if it is not there (none)"
    );

    public static IReadOnlyList<Setting> All => [RfidWindow, Queue];
}
