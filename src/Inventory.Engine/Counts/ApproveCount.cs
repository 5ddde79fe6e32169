using System.Text.Json;
using Inventory.Engine.Database;
using Inventory.Engine.Expiry;
using Npgsql;

namespace Inventory.Engine.Counts;

/// <summary>
/// Adds to the stock what a count found beyond what was expected when it was recorded, or takes away what was missing:
/// the difference, and not the quantity, so that what was sold, received or moved since stays right. Once a request id,
/// and each line once, all in one transaction.
/// </summary>
public sealed class ApproveCount(Cell cell, StockDirectory directory, CommittedLevels committed, ExpireHolds expiry)
{
    /// <summary>Approves it.</summary>
    /// <param name="request">Validated by the caller.</param>
    /// <param name="cancellation">Ends the wait; it may happen all the same, and the same request finds it.</param>
    /// <exception cref="NpgsqlException">
    /// The database is away; whether there was an effect is unknown, and asking again is safe.
    /// </exception>
    public async Task<ApproveCountAnswer> ExecuteAsync(CountApproval request, CancellationToken cancellation)
    {
        var items = await directory.FindAsync(request.Items, cancellation);
        var itemIds = request.Items.Select(i => items.GetValueOrDefault(i)?.ItemId).ToArray();
        var parameters = new ApproveParameters
        {
            Key = RequestKey.Id(request.Caller, request.RequestId),
            Fingerprint = request.Fingerprint(),
            CountId = request.CountId,
            ItemIds = itemIds.Length == 0 ? null : [.. itemIds.OfType<long>()],
            AskedIds = itemIds,
            Names = [.. request.Items],
            Expected = request.ExpectedVersion,
            Caller = request.Caller.Name,
            Origin = request.Caller.Origin,
            Trace = request.Caller.Trace,
            Reason = request.Reason,
        };
        // A hold whose time has come blocks nothing: where stock is to become less it is ended before it could refuse.
        await using (var connection = await cell.General.OpenConnectionAsync(cancellation))
        {
            var due = await ApproveStatement.FindDueAsync(connection, parameters, cancellation);
            if (due.Length > 0)
            {
                await expiry.EndDueAsync(due, cancellation);
            }
        }

        var row = await RacedInsert.RunAsync(
            cell,
            c => ApproveStatement.ExecuteAsync(c, parameters, cancellation),
            cancellation
        );
        committed.Publish(row.Levels());
        return Answer(row);
    }

    private static ApproveCountAnswer Answer(ApproveRow row)
    {
        var outcome = (ApproveCountOutcome)row.Outcome;
        var stored = row.Answer is null
            ? new Stored()
            : JsonSerializer.Deserialize<Stored>(row.Answer, StoredCount.ByColumn)!;
        return new(outcome, stored.Count?.ToCount(), stored.Approved, stored.Refused ?? [], row.Names);
    }

    private sealed class Stored
    {
        public StoredCount? Count { get; init; }

        public long Approved { get; init; }

        public RefusedLine[]? Refused { get; init; }
    }
}
