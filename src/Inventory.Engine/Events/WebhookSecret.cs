using System.Security.Cryptography;

namespace Inventory.Engine.Events;

/// <summary>
/// What a subscriber and the server share, in the form of the Standard Webhooks specification: <c>whsec_</c> and the
/// base64 of 32 random bytes.
/// </summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int RandomBytes = 32;

    /// <summary>A new one.</summary>
    public static string Make() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>The key that it stands for.</summary>
    public static byte[] Key(string secret) => Convert.FromBase64String(secret[Prefix.Length..]);
}
