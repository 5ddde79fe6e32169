using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Inventory.Server.Security.Users;

/// <summary>
/// Passwords, hashed by ASP.NET's PasswordHasher (V3: PBKDF2 with HMAC-SHA512, 128 bits of salt). To hash is to spend a
/// processor for tenths of a second, so only half of them do it at once, and only a few callers wait.
/// </summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>OWASP asks for 210,000 of PBKDF2 with HMAC-SHA512 at least.</summary>
    public const int Iterations = 220_000;

    private const int WaitingMax = 16;
    private const int HashersMax = 2;

    private static readonly int Hashers = Math.Clamp(Environment.ProcessorCount / 2, 1, HashersMax);

    private static readonly PasswordHasher<string> Hasher = new(
        Options.Create(
            new PasswordHasherOptions
            {
                CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV3,
                IterationCount = Iterations,
            }
        )
    );

    private readonly SemaphoreSlim free = new(Hashers);
    private int inside;

    /// <summary>Somebody's turn to hash. Whoever holds it gives it back.</summary>
    internal sealed class Turn(Passwords passwords) : IDisposable
    {
        public void Dispose()
        {
            passwords.free.Release();
            Interlocked.Decrement(ref passwords.inside);
        }
    }

    /// <summary>Costs the same where there is no hash, which nobody's password fits.</summary>
    public static PasswordVerificationResult Verify(string? hash, string password) =>
        Hasher.VerifyHashedPassword("", hash ?? NobodysHash.Text, password);

    /// <summary>Within one's turn, if it is for a caller: a command has no others beside it.</summary>
    public static string Hash(string password) => Hasher.HashPassword("", password);

    /// <returns>Null: too many wait.</returns>
    public async Task<Turn?> EnterAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref inside) > Hashers + WaitingMax)
        {
            Interlocked.Decrement(ref inside);
            return null;
        }

        try
        {
            await free.WaitAsync(cancellation);
            return new(this);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref inside);
            throw;
        }
    }

    public void Dispose() => free.Dispose();
}
