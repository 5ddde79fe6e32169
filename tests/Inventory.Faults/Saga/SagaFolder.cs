using Inventory.Saga;
using Inventory.Testing;

namespace Inventory.Faults.Saga;

/// <summary>Where the two processes keep their logs.</summary>
internal sealed class SagaFolder : IDisposable
{
    public SagaFolder(int seed)
    {
        Seed = seed;
        Directory.CreateDirectory(Path);
    }

    public int Seed { get; }

    public string Path { get; } = Scratch.NewPath("saga");

    /// <summary>Of both, in no order of one to the other.</summary>
    public IEnumerable<OrderEvent> Events =>
        EventLog.Read(LogOf("orders"), 0).Events.Concat(EventLog.Read(LogOf("payments"), 0).Events);

    public int LinesOf(string role) => EventLog.Read(LogOf(role), 0).Events.Count;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string LogOf(string role) => System.IO.Path.Combine(Path, $"{role}.log");
}
