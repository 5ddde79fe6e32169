namespace Inventory.Server.Security;

/// <summary>What a caller may be allowed, as sets. <see cref="ScopeNames"/> has their names.</summary>
[Flags]
internal enum Scopes
{
    None = 0,
    ReservationsWrite = 1 << 0,
    ReservationsRead = 1 << 1,
    StockWrite = 1 << 2,
    StockRead = 1 << 3,
    CatalogWrite = 1 << 4,
    ReportsRead = 1 << 5,
    Admin = 1 << 6,
    All = ReservationsWrite | ReservationsRead | StockWrite | StockRead | CatalogWrite | ReportsRead | Admin,
}
