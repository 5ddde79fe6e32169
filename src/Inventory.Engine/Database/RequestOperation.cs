namespace Inventory.Engine.Database;

/// <summary>What a stored answer answers. Append only; a number is never used again.</summary>
internal enum RequestOperation
{
    EditStock = 1,
    CreateItem = 2,
    CreateWarehouse = 3,
}
