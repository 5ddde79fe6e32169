namespace Inventory.Server.Hosting;

/// <summary>What the server can be told about the past: how near it is kept, and for how long.</summary>
internal static class HistorySettings
{
    public static readonly Setting SnapshotHours = new(
        "INVENTORY_SNAPSHOT_HOURS",
        "--snapshot-hours",
        "hours between snapshots of all stock, 1 to 24; 0 makes none (24)"
    );

    public static readonly Setting JournalKeepMonths = new(
        "INVENTORY_JOURNAL_KEEP_MONTHS",
        "--journal-keep-months",
        "full months that the journal keeps beside the present one before they go to the archive, 1 to 1,200;"
            + " 0 keeps all (0)"
    );

    public static readonly Setting ReservationKeepDays = new(
        "INVENTORY_RESERVATION_KEEP_DAYS",
        "--reservation-keep-days",
        "days after its end at which a reservation goes to the archive, 1 to 36,500; 0 keeps all (0)"
    );

    public static IReadOnlyList<Setting> All { get; } = [SnapshotHours, JournalKeepMonths, ReservationKeepDays];
}
