namespace Inventory.Server.Demo;

/// <summary>Type is as in the API's WarehouseType; the lowest priority is filled from first.</summary>
internal sealed record DemoWarehouse(
    string Code,
    string Name,
    short Type,
    int Priority,
    string City,
    string PostalCode,
    string CountryCode,
    double Latitude,
    double Longitude
);

internal static class DemoWarehouses
{
    public static IReadOnlyList<DemoWarehouse> All { get; } =
    [
        new("BER", "Berlin", 1, 10, "Berlin", "10115", "DE", 52.532, 13.385),
        new("LYS", "Lyon", 2, 20, "Lyon", "69007", "FR", 45.734, 4.840),
        new("WAW", "Warszawa", 2, 30, "Warszawa", "00-839", "PL", 52.230, 20.987),
        new("VIE", "Wien, Laden", 3, 40, "Wien", "1070", "AT", 48.203, 16.350),
    ];
}
