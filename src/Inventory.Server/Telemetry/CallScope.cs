using System.Collections;

namespace Inventory.Server.Telemetry;

/// <summary>The log scope of a call: one named value.</summary>
internal sealed class CallScope(string correlationId) : IReadOnlyList<KeyValuePair<string, object>>
{
    public int Count => 1;

    public KeyValuePair<string, object> this[int index] =>
        index == 0 ? new("CorrelationId", correlationId) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        yield return this[0];
    }

    public override string ToString() => $"CorrelationId:{correlationId}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
