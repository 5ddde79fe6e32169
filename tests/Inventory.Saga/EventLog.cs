using System.Text;
using System.Text.Json;

namespace Inventory.Saga;

/// <summary>
/// A process's memory: lines of JSON, flushed to the disk before anything is done about them. What a kill cut off in
/// the middle of a line never happened.
/// </summary>
internal sealed class EventLog : IDisposable
{
    private readonly FileStream file;
    private readonly SemaphoreSlim turn = new(1);

    private EventLog(FileStream file) => this.file = file;

    /// <summary>Opens it to write on, and tells what is in it.</summary>
    public static (EventLog Log, IReadOnlyList<OrderEvent> Before) Open(string path)
    {
        var (before, whole) = Read(path, 0);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
        return (new EventLog(file), before);
    }

    /// <summary>What is in it from a place on, and the place behind its last whole line.</summary>
    public static (List<OrderEvent> Events, long Next) Read(string path, long from)
    {
        var events = new List<OrderEvent>();
        if (!File.Exists(path))
        {
            return (events, from);
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(from, SeekOrigin.Begin);
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        var bytes = memory.ToArray();
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        foreach (
            var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        )
        {
            events.Add(JsonSerializer.Deserialize<OrderEvent>(line)!);
        }

        return (events, from + whole);
    }

    public async Task WriteAsync(OrderEvent what)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(what);
        await turn.WaitAsync();
        try
        {
            await file.WriteAsync(line);
            await file.WriteAsync("\n"u8.ToArray());
            file.Flush(flushToDisk: true);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        turn.Dispose();
        file.Dispose();
    }
}
