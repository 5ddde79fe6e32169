using System.Runtime.CompilerServices;
using Inventory.Engine.Batching;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Inventory.Engine.Reservations.Waiting;
using Npgsql;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Holds stock for an order. Requests that arrive together are judged by one statement (<see
/// cref="ReserveStatement"/>); a refusal stands only after its proof (<see cref="RefusalProof"/>).
/// </summary>
public sealed class ReserveInventory : IAsyncDisposable
{
    // Goods that have just come are claimed at each row where those who wait lack them, until they are shared out: that
    // takes one pass, and another for what comes meanwhile. A row to which more and more comes is refused as it stands.
    private const int PassesMax = 3;

    private readonly StockDirectory directory;
    private readonly ResolveDemands resolve;
    private readonly ExpireHolds expiry;
    private readonly GetReservations reservations;
    private readonly Coalescer<ReserveAttempt, AttemptAnswer> statement;
    private readonly Coalescer<ReserveAttempt, RefusalProof> proofs;
    private readonly KnownShortages shortages = new();
    private readonly GrantWaiting grants;
    private readonly JoinWaiting waiting;
    private readonly HoldCaps? caps;

    /// <summary>Starts the lanes.</summary>
    public ReserveInventory(
        Cell cell,
        StockDirectory directory,
        CommittedLevels committed,
        ExpireHolds expiry,
        GetReservations reservations,
        GrantWaiting grants,
        CoalescerOptions? options = null,
        HoldCaps? caps = null
    )
    {
        this.caps = caps;
        this.grants = grants;
        waiting = new(cell, directory, committed, grants);
        this.directory = directory;
        resolve = new(directory);
        this.expiry = expiry;
        this.reservations = reservations;
        options ??= new CoalescerOptions { Operation = "reservations.reserve" };
        statement = new(
            cell,
            options,
            new(AttemptResult.Overloaded, default),
            new ReserveBatch(committed).ExecuteAsync
        );
        proofs = new(
            cell,
            options with
            {
                Operation = "reservations.prove_refusal",
                Lanes = 1,
                ReadsInOrder = true,
            },
            RefusalProof.Shed,
            RefusalProof.ExecuteAsync
        );
    }

    /// <summary>Reserves, once for ever: the same caller, request id and content learn the same effect again.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">
    /// Lets the caller leave; the effect may happen all the same, and the same request finds it.
    /// </param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReserveAnswer> ExecuteAsync(ReserveRequest request, CancellationToken cancellation)
    {
        if (caps?.TryEnter(request) == false && await FindCapAsync(request, cancellation) is { } refused)
        {
            return refused;
        }

        var attempt = resolve.TryResolve(request) ?? await resolve.ResolveAsync(request, cancellation);
        if ((attempt.Proposal.Length > 0 || attempt.LooksFirst) && attempt.CouldFit(shortages))
        {
            var answer = await statement.SubmitAsync(attempt, cancellation);
            if (answer.Result != AttemptResult.Unfit)
            {
                return await FinishAsync(attempt, answer, cancellation);
            }
        }

        return await ProveAsync(attempt, cancellation);
    }

    /// <summary>
    /// Says what would become of a request now, and what would be held where. Writes nothing, and the request id stays
    /// unused.
    /// </summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Lets the caller leave.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async ValueTask<ReserveAnswer> JudgeAsync(ReserveRequest request, CancellationToken cancellation)
    {
        var attempt = resolve.TryResolve(request) ?? await resolve.ResolveAsync(request, cancellation);
        for (var passes = 0; ; )
        {
            cancellation.ThrowIfCancellationRequested();
            var proof = await proofs.SubmitAsync(attempt, cancellation);
            if (await WithoutJudgementAsync(attempt, proof, cancellation) is { } answer)
            {
                return answer;
            }

            if (Refusal.MissesRows(attempt, proof))
            {
                attempt = await resolve.ResolveAnewAsync(attempt, cancellation);
            }
            else if (attempt.HasUnknown || !attempt.Aim(proof))
            {
                if (Refusal.IsUnsettled(attempt, proof) && ++passes <= PassesMax)
                {
                    await grants.PassedAsync(cancellation);
                    continue;
                }

                return request.WaitMs is not null && attempt.TryWait(proof)
                    ? new(ReserveOutcome.WouldWait, attempt.Pending(DateTime.UnixEpoch, directory.Warehouses), [])
                    : Refusal.Of(attempt, proof);
            }
            else
            {
                attempt.Propose(proof.WithoutDue);
                return new(ReserveOutcome.WouldHold, attempt.Held(DateTime.UnixEpoch, directory.Warehouses), []);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await statement.DisposeAsync();
        await proofs.DisposeAsync();
    }

    /// <summary>
    /// Proves the refusal, or that no more than a part fits; makes room for what the proof says that fits and asks the
    /// statement again, until the caller leaves.
    /// </summary>
    private async Task<ReserveAnswer> ProveAsync(ReserveAttempt attempt, CancellationToken cancellation)
    {
        for (var passes = 0; ; )
        {
            cancellation.ThrowIfCancellationRequested();
            var proof = await proofs.SubmitAsync(attempt, cancellation);
            if (await WithoutJudgementAsync(attempt, proof, cancellation) is { } known)
            {
                return known;
            }

            if (Refusal.MissesRows(attempt, proof))
            {
                attempt = await resolve.ResolveAnewAsync(attempt, cancellation);
                continue;
            }

            if (attempt.HasUnknown || !attempt.Aim(proof))
            {
                if (Refusal.IsUnsettled(attempt, proof) && ++passes <= PassesMax)
                {
                    await grants.PassedAsync(cancellation);
                    continue;
                }

                shortages.Note(attempt, proof);
                if (attempt.Request.WaitMs is null || !attempt.TryWait(proof))
                {
                    return Refusal.Of(attempt, proof);
                }

                if (await WaitAsync(attempt, proof, cancellation) is { } waits)
                {
                    return waits;
                }

                continue;
            }

            if (attempt.IsShort)
            {
                shortages.Note(attempt, proof);
            }
            else
            {
                shortages.Forget(attempt);
            }

            if (!attempt.Propose(proof.WithoutDue))
            {
                await expiry.EndDueAsync([.. attempt.Proposal.Select(p => p.StockId)], cancellation);
            }

            var answer = await statement.SubmitAsync(attempt, cancellation);
            if (answer.Result != AttemptResult.Unfit)
            {
                return await FinishAsync(attempt, answer, cancellation);
            }
        }
    }

    /// <summary>A cap stands against what is new, and never against what was granted.</summary>
    private async Task<ReserveAnswer?> FindCapAsync(ReserveRequest request, CancellationToken cancellation)
    {
        if (await caps!.JudgeAsync(request, cancellation) is not { } cap)
        {
            return null;
        }

        var id = ReservationKey.Id(request.Caller, request.RequestId);
        return (await reservations.ExecuteAsync(id, cancellation)).Outcome switch
        {
            GetOutcome.Found => null,
            GetOutcome.NotFound => new(ReserveOutcome.TooManyOpen, null, []) { Cap = cap },
            GetOutcome.Overloaded => ReserveAnswer.Overloaded,
        };
    }

    /// <summary>Lets it wait, unless by now it fits or is served no more.</summary>
    private async Task<ReserveAnswer?> WaitAsync(
        ReserveAttempt attempt,
        RefusalProof proof,
        CancellationToken cancellation
    )
    {
        var joined = await waiting.ExecuteAsync(attempt, proof, cancellation);
        if (joined.Outcome == WaitOutcome.Again)
        {
            shortages.Forget(attempt);
        }

        return joined.Outcome switch
        {
            WaitOutcome.Waits => new(ReserveOutcome.Waits, attempt.Pending(joined.Now, directory.Warehouses), []),
            WaitOutcome.Again => null,
            WaitOutcome.Seen when joined.Fingerprint == attempt.Fingerprint => await ReplayAsync(attempt, cancellation),
            WaitOutcome.Seen => ReserveAnswer.RequestIdReused,
        };
    }

    /// <summary>The answer where stock does not matter: no proof was made, or the id is there.</summary>
    private async ValueTask<ReserveAnswer?> WithoutJudgementAsync(
        ReserveAttempt attempt,
        RefusalProof proof,
        CancellationToken cancellation
    )
    {
        if (ReferenceEquals(proof, RefusalProof.Shed))
        {
            return ReserveAnswer.Overloaded;
        }

        return !proof.TryGetSeen(attempt, out var fingerprint) ? null
            : fingerprint == attempt.Fingerprint ? await ReplayAsync(attempt, cancellation)
            : ReserveAnswer.RequestIdReused;
    }

    private async ValueTask<ReserveAnswer> FinishAsync(
        ReserveAttempt attempt,
        AttemptAnswer answer,
        CancellationToken cancellation
    ) =>
        answer.Result switch
        {
            AttemptResult.Held => new(ReserveOutcome.Held, attempt.Held(answer.Now, directory.Warehouses), []),
            AttemptResult.Seen => await ReplayAsync(attempt, cancellation),
            AttemptResult.Reused => ReserveAnswer.RequestIdReused,
            AttemptResult.Overloaded => ReserveAnswer.Overloaded,
            AttemptResult.Unfit => throw new InvalidOperationException("What did not fit is proved first."),
        };

    private async Task<ReserveAnswer> ReplayAsync(ReserveAttempt attempt, CancellationToken cancellation)
    {
        var found = await reservations.ExecuteAsync(attempt.Id, cancellation);
        return found.Outcome switch
        {
            GetOutcome.Found => new(ReserveOutcome.Replayed, found.Reservation, []),
            GetOutcome.Overloaded => ReserveAnswer.Overloaded,
            GetOutcome.NotFound => throw new InvalidOperationException("A reservation that was seen is never removed."),
        };
    }
}
