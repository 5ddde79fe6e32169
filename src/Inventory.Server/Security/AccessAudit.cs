using System.Threading.Channels;
using Google.Rpc;
using Inventory.Engine.Access;
using Inventory.Server.Errors;
using Inventory.Server.Security.Rates;
using Inventory.Server.Telemetry;
using Npgsql;

namespace Inventory.Server.Security;

/// <summary>
/// Writes down every refusal: who, which scope, from where, under which trace. Never in the way of a call: what is
/// refused is kept, within a bound, and written in batches; what there was no place for is counted and logged.
/// </summary>
/// <remarks>
/// Who is not believed is let in too rarely to fill a table. Of a caller that is refused without end no more is written
/// than of them.
/// </remarks>
internal sealed class AccessAudit(NoteRefusals note, RateLimits rates, ILogger<AccessAudit> logger) : BackgroundService
{
    private const int WaitingMax = 5_000;
    private const int BatchMax = 500;
    private const int TextMax = 200;
    private static readonly TimeSpan WriteMax = TimeSpan.FromSeconds(5);

    private readonly Channel<NoteRefusals.Refused> waiting = Channel.CreateBounded<NoteRefusals.Refused>(WaitingMax);
    private long lost;

    public void Note(HttpContext http, Caller? caller, string target, ApiError error)
    {
        var info = error.Details.Details[0].Unpack<ErrorInfo>();
        Note(http, caller?.Name, target, info.Reason, info.Metadata.GetValueOrDefault(AccessErrors.ScopeKey));
    }

    /// <param name="http">The request.</param>
    /// <param name="caller">Null: not known.</param>
    /// <param name="target">What was asked.</param>
    /// <param name="reason">Why not; the caller may have been told less.</param>
    /// <param name="scope">The one that was missing.</param>
    public void Note(HttpContext http, string? caller, string target, string reason, string? scope = null)
    {
        var refused = new NoteRefusals.Refused(
            caller,
            reason,
            scope,
            Plain(target),
            http.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            Correlation.Of(http)
        );
        var fits = caller is null || rates.OfRefused(caller).TryTake(rates.Now, out _);
        if (!fits || !waiting.Writer.TryWrite(refused))
        {
            Interlocked.Increment(ref lost);
        }
    }

    /// <summary>What is kept is written before the server ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancellationToken);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<NoteRefusals.Refused>(BatchMax);
        while (await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < BatchMax && waiting.Reader.TryRead(out var refused))
            {
                batch.Add(refused);
            }

            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<NoteRefusals.Refused> batch)
    {
        using var limit = new CancellationTokenSource(WriteMax);
        try
        {
            await note.ExecuteAsync(batch, limit.Token);
            if (Interlocked.Exchange(ref lost, 0) is var count and > 0)
            {
                logger.RefusalsLost(count, "too many at once");
            }
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            logger.RefusalsLost(batch.Count, away.Message);
        }
    }

    /// <summary>A path is whatever a stranger sends.</summary>
    private static string Plain(string target) =>
        string.Concat(
            (target.Length > TextMax ? target[..TextMax] : target).Select(c =>
                char.IsControl(c) || char.IsSurrogate(c) ? '?' : c
            )
        );
}
