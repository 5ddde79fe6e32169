using Inventory.Server.Validation;

namespace Inventory.Server.Security.Users;

/// <summary>
/// What a password must be: long, and not what is guessed first. No rule asks for digits or signs: those make people
/// choose what is guessed second (NIST SP 800-63B).
/// </summary>
internal static class PasswordRules
{
    public const int LengthMin = 12;
    public const int LengthMax = 128;
    private const int DifferentMin = 5;

    /// <summary>The commonest of those that are long enough; each stands for itself with anything behind it.</summary>
    private static readonly string[] Common =
    [
        "password1234",
        "passwordpassword",
        "password12345",
        "passw0rd1234",
        "123456789012",
        "1234567890ab",
        "0123456789",
        "1234567891011",
        "987654321098",
        "qwertyuiop12",
        "qwertyuiop[]",
        "qwertyuiopasdf",
        "qwerty123456",
        "qwertzuiopas",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "zaq12wsxcde3",
        "asdfghjkl;'",
        "asdfghjklzxcvbnm",
        "abcdefghijkl",
        "abc123456789",
        "iloveyou1234",
        "letmein12345",
        "welcome12345",
        "administrator",
        "adminadminadmin",
        "admin1234567",
        "changeme1234",
        "changemechangeme",
        "sunshine1234",
        "football1234",
        "trustno1trustno1",
        "inventory1234",
        "inventoryinventory",
        "correcthorsebatterystaple",
        "correct horse battery staple",
    ];

    /// <param name="password">The new one.</param>
    /// <param name="name">The user's.</param>
    public static Problem? Of(string password, string name) =>
        password.Length == 0 ? Problem.Required
        : password.Length is < LengthMin or > LengthMax ? Problem.OutOfRange($"{LengthMin} to {LengthMax} characters")
        : password.Any(char.IsControl) ? Problem.Control
        : IsOfName(password, name) ? Problem.Conflict("is the name")
        : password.Distinct().Count() < DifferentMin ? Problem.Format($"of {DifferentMin} different characters or more")
        : Common.Any(c => password.StartsWith(c, StringComparison.OrdinalIgnoreCase))
            ? Problem.Format("one that is not guessed first")
        : null;

    /// <summary>The name itself, or the name so often that it is long enough.</summary>
    private static bool IsOfName(string password, string name) =>
        password.Replace(name, "", StringComparison.OrdinalIgnoreCase).Length == 0;
}
