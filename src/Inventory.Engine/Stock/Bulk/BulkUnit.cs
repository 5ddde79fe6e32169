using Npgsql;

namespace Inventory.Engine.Stock.Bulk;

/// <summary>
/// The rows of one transaction: read and locked in key order, judged in the order of the call, written set-based. Rows
/// of one stock are judged one after the other, each on what those before it have left.
/// </summary>
/// <param name="call">Whose rows they are.</param>
/// <param name="lines">The rows.</param>
/// <param name="first">The index of the first of them in the call.</param>
internal sealed class BulkUnit(BulkEdit call, IReadOnlyList<BulkLine> lines, int first)
{
    private const int KeysAtOnce = 2_000;

    private readonly Dictionary<long, BulkShelf> shelves = [];
    private readonly Dictionary<(long ItemId, int WarehouseId), BulkShelf> places = [];

    /// <summary>What has changed; told when it is committed.</summary>
    internal IEnumerable<BulkShelf> Changed => shelves.Values.Concat(New).Where(s => s.Changes is not null);

    /// <summary>The rows that this transaction has begun.</summary>
    internal IEnumerable<BulkShelf> New => places.Values.Where(s => s is { IsNew: true, IsToBegin: false });

    /// <summary>Reads and judges, without a lock.</summary>
    internal async Task<BulkUnitAnswer> JudgeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await ReadPlacesAsync(connection, locking: false, cancellation);
        await ReadShelvesAsync(connection, locking: false, cancellation);
        return Judge();
    }

    /// <summary>Has its whole effect, or finds what it had before, or has none.</summary>
    /// <returns>None if somebody has begun a row in between: it is to run again, anew.</returns>
    internal async Task<BulkUnitAnswer?> RunAsync(
        NpgsqlConnection connection,
        Guid key,
        long fingerprint,
        CancellationToken cancellation
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await BulkStatements.ClaimAsync(connection, key, fingerprint, cancellation))
        {
            var (seen, answer) = await BulkStatements.SeenAsync(connection, key, cancellation);
            return seen == fingerprint ? StoredBulk.Parse(answer) : BulkUnitAnswer.Reused;
        }

        await ReadPlacesAsync(connection, locking: true, cancellation);
        await ReadShelvesAsync(connection, locking: true, cancellation);
        var judged = Judge();
        if (call.OnError == BulkOnError.Abort && judged.RefusedCount > 0)
        {
            return judged;
        }

        if (!await WriteAsync(connection, cancellation))
        {
            return null;
        }

        await BulkStatements.AnswerAsync(connection, key, StoredBulk.Write(judged), cancellation);
        // A caller that leaves now would not keep it from happening, only us from knowing.
        await transaction.CommitAsync(CancellationToken.None);
        return judged;
    }

    private async Task ReadPlacesAsync(NpgsqlConnection connection, bool locking, CancellationToken cancellation)
    {
        var asked = lines
            .Where(l => l is { StockId: null, Item: not null })
            .Select(l => (l.Item!.ItemId, l.Warehouse!.WarehouseId))
            .Distinct()
            .Order()
            .ToArray();
        foreach (var chunk in asked.Chunk(KeysAtOnce))
        {
            long[] itemIds = [.. chunk.Select(p => p.ItemId)];
            int[] warehouseIds = [.. chunk.Select(p => p.WarehouseId)];
            if (locking)
            {
                await BulkStatements.LockPlacesAsync(connection, itemIds, warehouseIds, cancellation);
            }

            foreach (var row in await BulkStatements.PlacesAsync(connection, itemIds, warehouseIds, cancellation))
            {
                var place = chunk[row.Place - 1];
                places[place] = row.StockId is { } begun
                    ? new BulkShelf { StockId = begun }
                    : new BulkShelf
                    {
                        ItemId = place.ItemId,
                        WarehouseId = place.WarehouseId,
                        Discontinued = row.Discontinued,
                        SafetyStock = row.SafetyStock,
                        Version = row.SafetyStock > 0 ? 1 : 0,
                        IsToBegin = true,
                        IsNew = true,
                    };
            }
        }
    }

    private async Task ReadShelvesAsync(NpgsqlConnection connection, bool locking, CancellationToken cancellation)
    {
        var known = lines.Select(l => l.StockId).OfType<long>();
        var begun = places.Values.Where(s => !s.IsNew).Select(s => s.StockId);
        foreach (var chunk in known.Concat(begun).Distinct().Order().Chunk(KeysAtOnce))
        {
            if (locking)
            {
                await BulkStatements.LockAsync(connection, chunk, cancellation);
            }

            foreach (var shelf in await BulkStatements.ShelvesAsync(connection, chunk, cancellation))
            {
                shelves[shelf.StockId] = shelf;
            }
        }

        var all = shelves.Values.Concat(places.Values).ToList();
        var shut = await BulkStatements.ShutAsync(
            connection,
            [.. all.Select(s => s.WarehouseId).Distinct()],
            cancellation
        );
        foreach (var shelf in all)
        {
            shelf.IsShut = shut.Contains(shelf.WarehouseId);
        }
    }

    private BulkUnitAnswer Judge()
    {
        var applied = 0;
        var refused = 0;
        var listed = new List<BulkJudged>(call.EveryRow ? lines.Count : 0);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.IsUnsound)
            {
                continue;
            }

            var shelf = Find(line);
            var outcome =
                line.Item is { IsKit: true } ? EditOutcome.ItemIsKit
                : shelf is not null ? shelf.Judge(line)
                : line.Unknown is null ? EditOutcome.StockUnknown
                : line.UnknownOutcome;
            var isApplied = outcome == EditOutcome.Edited;
            applied += isApplied ? 1 : 0;
            refused += isApplied ? 0 : 1;
            if (call.EveryRow || (!isApplied && listed.Count < BulkEditStock.ListedMax))
            {
                listed.Add(new(first + i, outcome, line.Target, shelf?.Now(), shelf is { IsNew: true } ? shelf : null));
            }
        }

        return new()
        {
            AppliedCount = applied,
            RefusedCount = refused,
            Listed = listed,
        };
    }

    private BulkShelf? Find(in BulkLine line)
    {
        if (line.StockId is { } known)
        {
            return shelves.GetValueOrDefault(known);
        }

        if (line.Item is null || !places.TryGetValue((line.Item.ItemId, line.Warehouse!.WarehouseId), out var place))
        {
            return null;
        }

        return place.IsNew ? place : shelves.GetValueOrDefault(place.StockId);
    }

    private async Task<bool> WriteAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await BeginRowsAsync(connection, cancellation))
        {
            return false;
        }

        foreach (var write in BulkWrite.Of([.. Changed.OrderBy(s => s.StockId)], call.Caller))
        {
            var written = await BulkStatements.WriteAsync(connection, write, cancellation);
            if (written != write.StockIds.Length)
            {
                throw new InvalidOperationException($"{write.StockIds.Length - written} locked stock rows are gone.");
            }
        }

        return true;
    }

    private async Task<bool> BeginRowsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var owners = new Dictionary<(long, int), (Database.ItemRows, Database.WarehouseRow)>();
        foreach (var line in lines.Where(l => l is { StockId: null, Item: not null }))
        {
            owners.TryAdd((line.Item!.ItemId, line.Warehouse!.WarehouseId), (line.Item, line.Warehouse));
        }

        foreach (var chunk in New.OrderBy(s => (s.ItemId, s.WarehouseId)).Chunk(KeysAtOnce))
        {
            var opened = await OpenStock.RunAsync(
                connection,
                [.. chunk.Select(s => owners[(s.ItemId, s.WarehouseId)])],
                receiving: false,
                call.Caller,
                cancellation
            );
            if (opened.Count < chunk.Length || opened.Exists(o => o.StockId is null))
            {
                return false;
            }

            foreach (var row in opened)
            {
                chunk[row.Place - 1].StockId = row.StockId!.Value;
            }
        }

        return true;
    }
}
