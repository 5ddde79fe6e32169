using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Inventory.Engine.Access;

/// <summary>
/// The secret of an API key: <c>invk_</c>, by which scanners of source code find one that leaked, and 256 random bits
/// in base64url.
/// </summary>
public static class ApiKeySecret
{
    /// <summary>What every secret begins with, and no token does.</summary>
    public const string Prefix = "invk_";

    private const int RandomBytes = 32;

    /// <summary>Letters of a whole secret.</summary>
    public const int Length = 48;

    /// <summary>A new one.</summary>
    public static string Make() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is kept of it: 32 bytes.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
