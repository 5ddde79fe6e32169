using BenchmarkDotNet.Attributes;
using Inventory.Engine.Reservations;
using Inventory.Testing;

namespace Inventory.Benchmarks;

/// <summary>
/// Reservations through the whole engine into a private PostgreSQL, 400 at a time; figures are for one.
/// </summary>
[MemoryDiagnoser]
public class ReserveBenchmarks
{
    private const int Callers = 400;
    private const int Items = 1_000;

    private readonly Task<ReserveAnswer>[] answers = new Task<ReserveAnswer>[Callers];
    private readonly string[] skus = new string[Items];
    private TestDatabase database = null!;
    private EngineNode node = null!;

    [GlobalSetup]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        var given = new Given(database.Tables);
        for (var i = 0; i < Items; i++)
        {
            skus[i] = await given.Stock(onHand: 1_000_000_000);
        }

        node = new EngineNode(database.Cell);
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Benchmark(OperationsPerInvoke = Callers)]
    public Task Reserve()
    {
        for (var i = 0; i < answers.Length; i++)
        {
            var request = Some.Reserve(skus[Random.Shared.Next(Items)]);
            answers[i] = node.Reserve.ExecuteAsync(request, CancellationToken.None).AsTask();
        }

        return Task.WhenAll(answers);
    }
}
