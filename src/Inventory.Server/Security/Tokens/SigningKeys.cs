namespace Inventory.Server.Security.Tokens;

/// <summary>
/// The issuer's keys as last read. They are read again on schedule, and when a token names one that is not there: an
/// issuer that rotates need tell nobody. How often strangers can cause that is limited.
/// </summary>
internal sealed class SigningKeys(
    Func<CancellationToken, Task<byte[]>> source,
    TimeProvider time,
    ILogger<SigningKeys> logger
) : IDisposable
{
    /// <summary>Between two readings that unknown keys cause.</summary>
    public static readonly TimeSpan CausedEvery = TimeSpan.FromSeconds(10);

    /// <summary>An issuer that cannot be reached for so long is believed no more.</summary>
    public static readonly TimeSpan BelievedFor = TimeSpan.FromHours(24);

    private readonly SemaphoreSlim reading = new(1);
    private volatile KeySet known = KeySet.Empty;
    private DateTimeOffset triedAt = DateTimeOffset.MinValue;
    private DateTimeOffset readAt = DateTimeOffset.MinValue;

    /// <summary>Whether the last reading succeeded: only then is an unknown key a forged one.</summary>
    public bool AreKnown { get; private set; }

    public SigningKey? Find(SignedToken token) => known.Find(token.KeyId, token.Algorithm);

    /// <summary>
    /// Reads the keys again, if that is not too soon, and looks there. Those who come meanwhile share it.
    /// </summary>
    public async Task<SigningKey?> FindAgainAsync(SignedToken token, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            if (Find(token) is { } found)
            {
                return found;
            }

            if (time.GetUtcNow() - triedAt >= CausedEvery)
            {
                // For all who wait: the first of them may leave.
                await ReadLockedAsync(CancellationToken.None);
            }

            return Find(token);
        }
        finally
        {
            reading.Release();
        }
    }

    public async Task ReadAsync(CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            await ReadLockedAsync(cancellation);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private async Task ReadLockedAsync(CancellationToken cancellation)
    {
        triedAt = time.GetUtcNow();
        try
        {
            var read = KeySet.Parse(await source(cancellation)).Succeeding(known);
            if (!read.Keys.SequenceEqual(known.Keys))
            {
                logger.KeysRead(string.Join(", ", read.Keys.Select(k => $"{k.KeyId} {k.Algorithm}")));
            }

            (known, readAt, AreKnown) = (read, triedAt, true);
        }
        catch (Exception failed)
            when (failed is HttpRequestException or IOException or UnauthorizedAccessException or FormatException
                || (failed is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            AreKnown = false;
            logger.KeysUnreadable(failed.Message);
            if (triedAt - readAt > BelievedFor)
            {
                known = KeySet.Empty.Succeeding(known);
            }
        }
    }
}
