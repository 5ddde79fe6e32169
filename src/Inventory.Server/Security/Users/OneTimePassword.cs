using System.Security.Cryptography;

namespace Inventory.Server.Security.Users;

/// <summary>A password that one person reads to another: 99 random bits, without letters that look alike.</summary>
internal static class OneTimePassword
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Groups = 4;
    private const int GroupLength = 5;

    public static string Make() =>
        string.Join(
            '-',
            Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength))
        );
}
