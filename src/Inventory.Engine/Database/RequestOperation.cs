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
    CreateSubscription = 90,
    SetReorderPolicy = 65,
    DeleteReorderPolicy = 66,
    AdvanceReorder = 67,
    CreateSnapshot = 110,
    CreateUser = 120,
    UpdateUser = 121,
    ResetPassword = 122,
    AcknowledgeAlert = 100,
    ResolveAlert = 101,
    SetThreshold = 102,
}
