using System.Collections.Concurrent;
using Inventory.Engine.Access;
using Inventory.Server.Errors;
using Inventory.Server.Security.ApiKeys;
using Inventory.Server.Security.Tokens;

namespace Inventory.Server.Security;

/// <summary>
/// Who stands behind an Authorization header. What was proven once is remembered until it lapses or what it rests on is
/// withdrawn, so that a call costs one look-up; what was not proven is never remembered.
/// </summary>
internal sealed class Credentials(IServiceProvider provider, TimeProvider time)
{
    /// <summary>More are forgotten all at once, and each is judged anew when it comes.</summary>
    public const int RememberedMax = 10_000;

    private const string Scheme = "Bearer ";

    private readonly TokenVerifier? tokens = provider.GetService<TokenVerifier>();
    private readonly ApiKeyRing? apiKeys = provider.GetService<ApiKeyRing>();
    private volatile ConcurrentDictionary<string, Caller> remembered = new(StringComparer.Ordinal);
    private int rememberedCount;

    public int RememberedCount => remembered.Count;

    /// <summary>The caller of a header that was judged before.</summary>
    public Caller? Recall(string header)
    {
        if (!remembered.TryGetValue(header, out var caller) || !caller.IsCurrent(time.GetUtcNow()))
        {
            return null;
        }

        caller.Standing.Use();
        return caller;
    }

    public async ValueTask<Verdict> JudgeAsync(string header, CancellationToken cancellation)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return AccessErrors.Invalid("only Bearer is taken");
        }

        var verdict = await JudgeBearerAsync(header[Scheme.Length..], cancellation);
        if (verdict.Caller is { } caller)
        {
            Remember(header, caller);
        }

        return verdict;
    }

    private ValueTask<Verdict> JudgeBearerAsync(string text, CancellationToken cancellation) =>
        text.StartsWith(ApiKeySecret.Prefix, StringComparison.Ordinal)
            ? apiKeys?.JudgeAsync(text, cancellation) ?? new(AccessErrors.Invalid("API keys are not taken here"))
            : tokens?.JudgeAsync(text, cancellation) ?? new(AccessErrors.Invalid("tokens are not taken here"));

    private void Remember(string header, Caller caller)
    {
        if (Interlocked.Increment(ref rememberedCount) > RememberedMax)
        {
            remembered = new(StringComparer.Ordinal);
            rememberedCount = 1;
        }

        remembered[header] = caller;
    }
}
