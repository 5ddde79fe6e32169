using Inventory.Engine.Availability;
using Inventory.Engine.Batching;
using Inventory.Engine.Catalog;
using Inventory.Engine.Counts;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Inventory.Engine.Integrity;
using Inventory.Engine.Journal;
using Inventory.Engine.Journal.Archive;
using Inventory.Engine.Journal.Daily;
using Inventory.Engine.Journal.Past;
using Inventory.Engine.Journal.Snapshots;
using Inventory.Engine.Replenishment;
using Inventory.Engine.Reports;
using Inventory.Engine.Reservations;
using Inventory.Engine.Reservations.Archive;
using Inventory.Engine.Reservations.Waiting;
using Inventory.Engine.Returns;
using Inventory.Engine.Scans;
using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Engine.Telemetry;
using Inventory.Engine.Transfers;
using Inventory.Engine.Warehouses;
using Inventory.Server.Telemetry;

namespace Inventory.Server.Hosting;

/// <summary>
/// The engine's parts, one of each. The container disposes them in the opposite order: lanes finish before the cell
/// closes.
/// </summary>
internal static class EngineSetup
{
    public static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(_ => new Cell(new CellOptions { ConnectionString = options.Database }));
        services.AddSingleton<Migrator>();
        services.AddSingleton(provider => new StockDirectory(provider.GetRequiredService<Cell>()));
        services.AddSingleton<CommittedLevels>();
        services.AddSingleton<Origins>();
        services.AddSingleton<ExpireHolds>();
        services.AddSingleton<GetReservations>();
        services.AddSingleton<ListReservations>();
        services.AddSingleton<ExplainReservation>();
        services.AddSingleton<GrantWaiting>();
        services.AddSingleton<EndWaiting>();
        services.AddSingleton(provider => new HoldCaps(
            provider.GetRequiredService<Cell>(),
            options.OrderHolds,
            options.CallerHolds,
            provider.GetRequiredService<TimeProvider>()
        ));
        AddLanes<ReserveInventory>(services, options, "reservations.reserve");
        AddLanes<EndReservations>(services, options, "reservations.end");
        services.AddSingleton<ExtendReservations>();
        services.AddSingleton<EndPart>();
        services.AddSingleton<FulfillReservations>();
        services.AddSingleton<OpenStock>();
        services.AddSingleton<EditStock>();
        services.AddSingleton<ReturnInventory>();
        services.AddSingleton<GetStock>();
        services.AddSingleton<ExportStock>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<BulkEditStock>(provider, options.BulkRows));
        services.AddSingleton<GetOverallStock>();
        services.AddSingleton<ListStock>();
        services.AddSingleton<DeleteStock>();
        services.AddSingleton<CreateInventoryItem>();
        services.AddSingleton<GetInventoryItem>();
        services.AddSingleton<UpdateInventoryItem>();
        services.AddSingleton<DeleteInventoryItem>();
        services.AddSingleton<ListInventoryItems>();
        services.AddSingleton<CreateWarehouse>();
        services.AddSingleton<GetWarehouse>();
        services.AddSingleton<UpdateWarehouse>();
        services.AddSingleton<DeleteWarehouse>();
        services.AddSingleton<ListWarehouses>();
        services.AddSingleton<CreateTransfer>();
        services.AddSingleton<AdvanceTransfer>();
        services.AddSingleton<GetTransfer>();
        services.AddSingleton<ListTransfers>();
        AddReplenishment(services);
        AddScans(services, options);
        AddJournal(services);
        AddReconciliation(services);
    }

    private static void AddReplenishment(IServiceCollection services)
    {
        services.AddSingleton<EvaluateReorders>();
        services.AddSingleton<SetReorderPolicy>();
        services.AddSingleton<GetReorderPolicy>();
        services.AddSingleton<ListReorderPolicies>();
        services.AddSingleton<DeleteReorderPolicy>();
        services.AddSingleton<GetReorder>();
        services.AddSingleton<ListReorders>();
        services.AddSingleton<AdvanceReorder>();
        services.AddSingleton<GetForecast>();
    }

    private static void AddJournal(IServiceCollection services)
    {
        services.AddSingleton<ListTransactions>();
        services.AddSingleton<StreamTransactions>();
        services.AddSingleton<MakeJournalPartitions>();
        AddHistory(services);
        services.AddSingleton<WatchMetrics>();
        services.AddSingleton<JournalFeed>();
        services.AddSingleton<WatchAvailability>();
        services.AddSingleton<WatchReservations>();
        services.AddHostedService<FeedFailures>();
    }

    private static void AddHistory(IServiceCollection services)
    {
        services.AddSingleton<GetInventoryAt>();
        services.AddSingleton<TakeSnapshots>();
        services.AddSingleton<ArchiveJournal>();
        services.AddSingleton<CreateSnapshot>();
        services.AddSingleton<ListSnapshots>();
        services.AddSingleton<ListDailyStock>();
        services.AddSingleton<RecallReservation>();
        services.AddSingleton<ArchiveReservations>();
    }

    /// <summary>Counts, verification and repair, reports.</summary>
    private static void AddReconciliation(IServiceCollection services)
    {
        services.AddSingleton<CreateCount>();
        services.AddSingleton<RecordCounts>();
        services.AddSingleton<ApproveCount>();
        services.AddSingleton<CancelCount>();
        services.AddSingleton<GetCount>();
        services.AddSingleton<ListCounts>();
        services.AddSingleton<ListDiscrepancies>();
        services.AddSingleton<VerifyInventory>();
        services.AddSingleton<RecordVerification>();
        services.AddSingleton<VerificationMetrics>();
        services.AddSingleton<ListFindings>();
        services.AddSingleton<RepairStock>();
        services.AddSingleton<RunReport>();
    }

    private static void AddScans(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(provider => new IngestScans(
            provider.GetRequiredService<Cell>(),
            provider.GetRequiredService<StockDirectory>(),
            provider.GetRequiredService<CommittedLevels>(),
            provider.GetRequiredService<OpenStock>(),
            options.RfidWindow,
            options.Lanes
        ));
        services.AddSingleton<GetScan>();
        services.AddSingleton<ListScans>();
        services.AddSingleton<SettleScan>();
    }

    private static void AddLanes<TOperation>(IServiceCollection services, ServerOptions options, string operation)
        where TOperation : class
    {
        var lanes = new CoalescerOptions
        {
            Operation = operation,
            Lanes = options.Lanes,
            BatchSizeMax = options.BatchSize,
            QueueLengthMax = options.QueueLength,
        };
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TOperation>(provider, lanes));
    }
}
