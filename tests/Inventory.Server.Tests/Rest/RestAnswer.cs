using System.Text.Json;

namespace Inventory.Server.Tests.Rest;

/// <summary>An answer of the HTTP port, read whole.</summary>
public sealed record RestAnswer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Of google.rpc.Status.</summary>
    public int Code => Json.GetProperty("code").GetInt32();

    public string Reason => Detail("google.rpc.ErrorInfo").GetProperty("reason").GetString()!;

    /// <summary>Field and reason of each violation.</summary>
    public IEnumerable<(string Field, string Reason)> Fields =>
        Detail("google.rpc.BadRequest")
            .GetProperty("fieldViolations")
            .EnumerateArray()
            .Select(v => (v.GetProperty("field").GetString()!, v.GetProperty("reason").GetString()!));

    /// <summary>A value by its path: <c>stock.levels.onHand</c>.</summary>
    public string? this[string path] =>
        path.Split('.').Aggregate(Json, (json, name) => json.GetProperty(name)).ToString();

    public static async Task<RestAnswer> ReadAsync(HttpResponseMessage response) =>
        new(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase)
        );

    public JsonElement Detail(string type) =>
        Json.GetProperty("details")
            .EnumerateArray()
            .Single(d => d.GetProperty("@type").GetString() == $"type.googleapis.com/{type}");

    public override string ToString() => $"{Status} {Text}";
}
