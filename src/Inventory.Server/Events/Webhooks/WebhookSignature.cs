using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Inventory.Engine.Events;

namespace Inventory.Server.Events.Webhooks;

/// <summary>
/// The signature of the Standard Webhooks specification: over the id, the time and the body, so that none of them can be
/// another's, and an old request can be told by its time.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <param name="secret">As the subscriber was told it.</param>
    /// <param name="id">Of the delivery.</param>
    /// <param name="seconds">Since 1970.</param>
    /// <param name="body">As it is sent.</param>
    public static string Of(string secret, string id, long seconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, WebhookSecret.Key(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }
}
