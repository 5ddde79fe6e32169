namespace Inventory.Server.Hosting;

public sealed partial record Setting
{
    // Made when it is asked for: fields of two files have no order in which they are made.
    public static Setting VerifyAt =>
        new(
            "INVENTORY_VERIFY_AT",
            "--verify-at",
            "time of day, UTC, at which everything is verified and what is found is recorded, HH:MM or off (03:00)"
        );
}
