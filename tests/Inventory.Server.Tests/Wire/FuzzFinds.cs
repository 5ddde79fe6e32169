namespace Inventory.Server.Tests.Wire;

/// <summary>
/// Requests over REST that are asked each time: those that <see cref="FuzzTests"/> found to be answered by a fault of
/// ours, none so far, and some that a transcoder is apt to trip over.
/// </summary>
internal static class FuzzFinds
{
    internal static (string Verb, string Path, string Body)[] All { get; } =
    [
        // Bodies that end within a character, a text, a number.
        ("POST", "/v1/reservations", "{\"requestId\":\"\\ud83d"),
        ("POST", "/v1/reservations", "{\"lines\":[{\"quantity\":1e"),
        ("GET", "/v1/inventory?page_size=%", ""),
    ];
}
