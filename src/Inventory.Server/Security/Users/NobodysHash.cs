using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Inventory.Server.Security.Users;

/// <summary>
/// What a password is judged by where there is no user: as long to judge as any, and fitting none. Random bytes in the
/// place of a key.
/// </summary>
internal static class NobodysHash
{
    private const byte V3 = 1;
    private const uint HmacSha512 = 2;
    private const int SaltBytes = 16;
    private const int KeyBytes = 32;
    private const int HeadBytes = 13;

    public static string Text { get; } = Make();

    private static string Make()
    {
        var bytes = RandomNumberGenerator.GetBytes(HeadBytes + SaltBytes + KeyBytes);
        bytes[0] = V3;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), HmacSha512);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), Passwords.Iterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), SaltBytes);
        return Convert.ToBase64String(bytes);
    }
}
