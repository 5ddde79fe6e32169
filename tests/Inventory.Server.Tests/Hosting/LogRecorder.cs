using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Inventory.Server.Tests.Hosting;

/// <summary>Keeps what a server logs, each message with its scopes.</summary>
public sealed class LogRecorder : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<Entry> Entries { get; } = new();

    /// <summary>What nobody should have to read.</summary>
    public IEnumerable<Entry> Alarms => Entries.Where(e => e.Level >= LogLevel.Error);

    public sealed record Entry(
        string Category,
        LogLevel Level,
        string Text,
        IReadOnlyDictionary<string, object?> Scope
    );

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() { }

    private sealed class Recorder(LogRecorder owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var scope = new Dictionary<string, object?>();
            owner.scopes.ForEachScope(
                static (value, values) =>
                {
                    foreach (var (name, part) in value as IEnumerable<KeyValuePair<string, object?>> ?? [])
                    {
                        values[name] = part;
                    }
                },
                scope
            );
            owner.Entries.Enqueue(new(category, logLevel, $"{formatter(state, exception)} {exception}", scope));
        }
    }
}
