using BenchmarkDotNet.Attributes;
using Inventory.Engine.Database;
using Inventory.Testing;

namespace Inventory.Benchmarks;

/// <summary>From a SKU to its stock rows, when it is remembered.</summary>
[MemoryDiagnoser]
public class DirectoryBenchmarks
{
    private TestDatabase database = null!;
    private StockDirectory directory = null!;
    private string sku = "";

    [GlobalSetup]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        sku = await new Given(database.Tables).Stock(onHand: 1);
        directory = new StockDirectory(database.Cell);
        await directory.FindAsync([sku], CancellationToken.None);
    }

    [GlobalCleanup]
    public ValueTask Stop() => database.DisposeAsync();

    [Benchmark]
    public bool Find() => directory.TryFind(sku, out _);
}
