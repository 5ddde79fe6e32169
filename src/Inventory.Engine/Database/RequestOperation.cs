namespace Inventory.Engine.Database;

/// <summary>What a stored answer answers. Append only; a number is never used again.</summary>
internal enum RequestOperation
{
    EditStock = 1,
    CreateItem = 2,
    CreateWarehouse = 3,
    EndPart = 60,
    ReturnInventory = 61,
    UpdateItem = 30,
    DeleteItem = 31,
    UpdateWarehouse = 32,
    DeleteWarehouse = 33,
    BulkEditStock = 40,
    DeleteStock = 50,
    CreateTransfer = 51,
    AdvanceTransfer = 52,
    CreateCount = 80,
    RecordCounts = 81,
    ApproveCount = 82,
    CancelCount = 83,
    RepairStock = 84,
}
