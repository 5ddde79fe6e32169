using Inventory.Engine.Availability;
using Inventory.Engine.Catalog;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Archive;
using Inventory.Engine.Journal.Daily;
using Inventory.Engine.Journal.Past;
using Inventory.Engine.Journal.Snapshots;
using Inventory.Engine.Reservations;
using Inventory.Engine.Reservations.Archive;
using Inventory.Engine.Reservations.Waiting;
using Inventory.Engine.Returns;
using Inventory.Engine.Scans;
using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Engine.Transfers;
using Inventory.Engine.Warehouses;

namespace Inventory.Testing;

/// <summary>The engine as one server runs it: its own directory and lanes, on a cell that others may share.</summary>
public sealed partial class EngineNode : IAsyncDisposable
{
    private readonly Cell cell;

    public EngineNode(Cell cell)
    {
        Directory = new StockDirectory(cell);
        Expire = new ExpireHolds(cell, Committed);
        Get = new GetReservations(cell, Directory);
        List = new ListReservations(cell, Directory);
        Explain = new ExplainReservation(cell, Directory);
        Transactions = new ListTransactions(cell, Directory);
        Past = new GetInventoryAt(cell, Directory);
        TakeSnapshots = new TakeSnapshots(cell);
        CreateSnapshot = new CreateSnapshot(cell, TakeSnapshots);
        Snapshots = new ListSnapshots(cell);
        Days = new ListDailyStock(cell, Directory);
        ArchiveJournal = new ArchiveJournal(cell);
        ArchiveReservations = new ArchiveReservations(cell);
        Recall = new RecallReservation(cell);
        ExplainAvailability = new ExplainAvailability(cell, Directory);
        Grant = new GrantWaiting(cell, Committed);
        EndWaiting = new EndWaiting(cell, Committed);
        Reserve = new ReserveInventory(cell, Directory, Committed, Expire, Get, Grant);
        End = new EndReservations(cell, Directory, Committed);
        Extend = new ExtendReservations(cell, Directory);
        Part = new EndPart(cell, Directory, Committed, Expire);
        Fulfill = new FulfillReservations(cell, Directory, Expire);
        Open = new OpenStock(cell, Directory, Committed);
        Edit = new EditStock(cell, Directory, Committed, Open);
        Return = new ReturnInventory(cell, Directory, Committed, Open);
        Stock = new GetStock(cell, Directory);
        Bulk = new BulkEditStock(cell, Directory, Committed);
        OverallStock = new GetOverallStock(cell, Directory);
        Stocks = new ListStock(cell, Directory);
        DeleteStock = new DeleteStock(cell, Directory);
        CreateItem = new CreateInventoryItem(cell, Directory, Committed);
        Item = new GetInventoryItem(cell);
        UpdateItem = new UpdateInventoryItem(cell, Directory, Committed);
        DeleteItem = new DeleteInventoryItem(cell, Directory);
        Items = new ListInventoryItems(cell);
        CreateWarehouse = new CreateWarehouse(cell, Directory);
        Warehouse = new GetWarehouse(cell);
        UpdateWarehouse = new UpdateWarehouse(cell, Directory);
        DeleteWarehouse = new DeleteWarehouse(cell, Directory);
        Warehouses = new ListWarehouses(cell);
        CreateTransfer = new CreateTransfer(cell, Directory, Committed, Open, Expire);
        AdvanceTransfer = new AdvanceTransfer(cell, Directory, Committed, Open, Expire);
        Transfer = new GetTransfer(cell);
        Transfers = new ListTransfers(cell, Directory);
        Ingest = new IngestScans(cell, Directory, Committed, Open);
        Scan = new GetScan(cell);
        Scans = new ListScans(cell);
        Settle = new SettleScan(cell, Ingest, Committed, Directory);
        this.cell = cell;
    }

    public StockDirectory Directory { get; }

    public CommittedLevels Committed { get; } = new();

    public ListTransactions Transactions { get; }

    public ExpireHolds Expire { get; }

    public GetReservations Get { get; }

    public ListReservations List { get; }

    public ExplainReservation Explain { get; }

    public ExplainAvailability ExplainAvailability { get; }

    public GetInventoryAt Past { get; }

    public TakeSnapshots TakeSnapshots { get; }

    public CreateSnapshot CreateSnapshot { get; }

    public ListSnapshots Snapshots { get; }

    public ListDailyStock Days { get; }

    public ArchiveJournal ArchiveJournal { get; }

    public ArchiveReservations ArchiveReservations { get; }

    public RecallReservation Recall { get; }

    public GrantWaiting Grant { get; }

    public EndWaiting EndWaiting { get; }

    public ReserveInventory Reserve { get; }

    public EndReservations End { get; }

    public ExtendReservations Extend { get; }

    public EndPart Part { get; }

    public FulfillReservations Fulfill { get; }

    public OpenStock Open { get; }

    public EditStock Edit { get; }

    public ReturnInventory Return { get; }

    public GetStock Stock { get; }

    public BulkEditStock Bulk { get; }

    public GetOverallStock OverallStock { get; }

    public ListStock Stocks { get; }

    public DeleteStock DeleteStock { get; }

    public CreateInventoryItem CreateItem { get; }

    public GetInventoryItem Item { get; }

    public UpdateInventoryItem UpdateItem { get; }

    public DeleteInventoryItem DeleteItem { get; }

    public ListInventoryItems Items { get; }

    public CreateWarehouse CreateWarehouse { get; }

    public GetWarehouse Warehouse { get; }

    public UpdateWarehouse UpdateWarehouse { get; }

    public DeleteWarehouse DeleteWarehouse { get; }

    public ListWarehouses Warehouses { get; }

    public CreateTransfer CreateTransfer { get; }

    public AdvanceTransfer AdvanceTransfer { get; }

    public GetTransfer Transfer { get; }

    public ListTransfers Transfers { get; }

    public IngestScans Ingest { get; }

    public GetScan Scan { get; }

    public ListScans Scans { get; }

    public SettleScan Settle { get; }

    public async ValueTask DisposeAsync()
    {
        await Edit.DisposeAsync();
        Bulk.Dispose();
        Report.Dispose();
        await Grant.DisposeAsync();
        await Reserve.DisposeAsync();
        await Get.DisposeAsync();
        await End.DisposeAsync();
        await Extend.DisposeAsync();
        await Part.DisposeAsync();
        await Fulfill.DisposeAsync();
        await Return.DisposeAsync();
        await Ingest.DisposeAsync();
        await Expire.DisposeAsync();
        await Directory.DisposeAsync();
    }
}
