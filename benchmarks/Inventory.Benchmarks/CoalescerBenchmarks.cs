using BenchmarkDotNet.Attributes;
using Inventory.Engine.Batching;
using Inventory.Testing;
using Npgsql;

namespace Inventory.Benchmarks;

/// <summary>
/// The coalescer alone: its batches do nothing, so what is left is the way in, the hand-over and the way out.
/// </summary>
[MemoryDiagnoser]
public class CoalescerBenchmarks
{
    private const int Callers = 400;

    private readonly Task<long>[] answers = new Task<long>[Callers];
    private TestDatabase database = null!;
    private Coalescer<long, long> coalescer = null!;

    [GlobalSetup]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        coalescer = new(
            database.Cell,
            new CoalescerOptions { Operation = "benchmarks.nothing" },
            shed: -1,
            SettleAsync
        );
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await coalescer.DisposeAsync();
        await database.DisposeAsync();
    }

    [Benchmark(OperationsPerInvoke = Callers)]
    public Task Submit()
    {
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = coalescer.SubmitAsync(i, CancellationToken.None).AsTask();
        }

        return Task.WhenAll(answers);
    }

    private static Task SettleAsync(NpgsqlConnection connection, IReadOnlyList<Pending<long, long>> batch)
    {
        foreach (var pending in batch)
        {
            pending.Settle(pending.Request);
        }

        return Task.CompletedTask;
    }
}
