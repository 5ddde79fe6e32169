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

    public static Setting Users =>
        new(
            "INVENTORY_USERS",
            "--users",
            "on: users sign in with name and password at /sign-in; the first start makes admin and tells its"
                + " password (off)"
        );

    public static Setting CallSeconds =>
        new(
            "INVENTORY_CALL_SECONDS",
            "--call-seconds",
            "seconds after which a call ends that has no deadline or a later one, 1 to 3,600; streams don't (30)"
        );
}
