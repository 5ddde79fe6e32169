using System.Collections.Frozen;
using Inventory.Engine.Access;
using Inventory.Server.Errors;
using Inventory.Server.Security.Rates;
using Npgsql;

namespace Inventory.Server.Security.ApiKeys;

/// <summary>
/// All API keys that count, in memory: a call with a key asks no database, and a forged one costs a hash. The ring is
/// read again every ten seconds, and when a key comes that it lacks, but strangers cause that once a second only.
/// What was not confirmed for 30 seconds is believed no more.
/// </summary>
internal sealed class ApiKeyRing(
    ListApiKeys list,
    NoteApiKeyUse note,
    RateLimits rates,
    TimeProvider time,
    ILogger<ApiKeyRing> logger
) : IDisposable
{
    public static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(10);

    /// <summary>Before a key's name; no token can take it.</summary>
    private const string NamePrefix = "key:";

    private static readonly TimeSpan CausedEvery = TimeSpan.FromSeconds(1);

    /// <summary>With a reading that is under way and one more that fails, 30 seconds.</summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(18);

    private static readonly TimeSpan ReadingMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim reading = new(1);
    private volatile FrozenDictionary<string, Held> held = FrozenDictionary<string, Held>.Empty;
    private volatile bool isKnown;
    private DateTimeOffset triedAt = DateTimeOffset.MinValue;
    private DateTimeOffset readAt = DateTimeOffset.MinValue;

    private sealed record Held(int ApiKeyId, Caller Caller);

    public async ValueTask<Verdict> JudgeAsync(string secret, CancellationToken cancellation)
    {
        if (secret.Length != ApiKeySecret.Length)
        {
            return AccessErrors.Invalid("it is no API key");
        }

        var hash = Convert.ToHexString(ApiKeySecret.Hash(secret));
        var found = held.GetValueOrDefault(hash) ?? await FindAgainAsync(hash, cancellation);
        if (found is null)
        {
            return isKnown ? AccessErrors.Invalid("no such API key counts") : AccessErrors.Unjudged;
        }

        found.Caller.Standing.Use();
        return found.Caller.IsCurrent(time.GetUtcNow())
            ? found.Caller
            : AccessErrors.Invalid("the API key has expired or was revoked");
    }

    /// <summary>Reads the ring, and writes down which keys were used since it was last read.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            await ReadLockedAsync(noteUse: true, cancellation);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    /// <summary>A reading that began after the key came decides; all who came before it share it.</summary>
    private async Task<Held?> FindAgainAsync(string hash, CancellationToken cancellation)
    {
        var came = time.GetUtcNow();
        await reading.WaitAsync(cancellation);
        try
        {
            if (!held.ContainsKey(hash) && triedAt <= came)
            {
                var early = triedAt + CausedEvery - time.GetUtcNow();
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, time, cancellation);
                }

                // For all who wait: the first of them may leave.
                await ReadLockedAsync(noteUse: false, CancellationToken.None);
            }

            return held.GetValueOrDefault(hash);
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task ReadLockedAsync(bool noteUse, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadingMax);
        try
        {
            triedAt = now;
            Replace(await list.ExecuteAsync(ended: false, limit.Token));
            (readAt, isKnown) = (now, true);
            var used = noteUse
                ? held.Values.Where(h => h.Caller.Standing.TakeUse()).Select(h => h.ApiKeyId).ToList()
                : [];
            if (used.Count > 0)
            {
                await note.ExecuteAsync(used, limit.Token);
            }
        }
        catch (Exception away)
            when (away is NpgsqlException or TimeoutException
                || (away is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            isKnown = false;
            logger.ApiKeysUnread(away.Message);
            if (now - readAt > BelievedFor)
            {
                Replace([]);
            }
        }
    }

    /// <summary>A key's row never changes but to end, so who is there already stays as they are.</summary>
    private void Replace(IReadOnlyList<ApiKey> keys)
    {
        var old = held.Values.ToDictionary(h => h.ApiKeyId);
        held = keys.ToFrozenDictionary(
            k => Convert.ToHexString(k.Sha256),
            k => old.Remove(k.ApiKeyId, out var same) ? same : new Held(k.ApiKeyId, ToCaller(k))
        );
        foreach (var gone in old.Values)
        {
            gone.Caller.Standing.End();
        }
    }

    private Caller ToCaller(ApiKey key)
    {
        var grant = Grant.Of(key.Scopes, key.Roles, key.Warehouses);
        return new()
        {
            Name = NamePrefix + key.Name,
            Scopes = grant.Scopes,
            Warehouses = grant.Warehouses,
            LapsesAt = key.ExpiresAt is { } end
                ? new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Utc))
                : DateTimeOffset.MaxValue,
            Standing = new(),
            Bucket = rates.OfCaller(NamePrefix + key.Name),
        };
    }
}
