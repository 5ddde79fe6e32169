using System.Collections;

namespace Inventory.Server.Telemetry;

/// <summary>
/// The log scope of a call: its correlation id, and its trace where no activity says it, which logs have anyway.
/// </summary>
internal sealed class CallScope(string correlationId, string? traceId) : IReadOnlyList<KeyValuePair<string, object>>
{
    public int Count => traceId is null ? 1 : 2;

    public KeyValuePair<string, object> this[int index] =>
        index switch
        {
            0 => new("CorrelationId", correlationId),
            1 when traceId is not null => new("TraceId", traceId),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    public override string ToString() =>
        traceId is null ? $"CorrelationId:{correlationId}" : $"CorrelationId:{correlationId} TraceId:{traceId}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
