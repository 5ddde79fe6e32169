using Dapper;
using Inventory.Engine.Database;
using Inventory.Engine.Stock;
using Inventory.Engine.Stock.Bulk;
using Inventory.Testing;

namespace Inventory.Engine.Tests.Stock.Bulk;

public abstract class BulkFixture : EngineFixture
{
    protected Task<BulkAnswer> Apply(BulkEdit call, params IEnumerable<BulkRow> rows) => Apply(Node.Bulk, call, rows);

    protected static async Task<BulkAnswer> Apply(
        BulkEditStock bulk,
        BulkEdit call,
        IEnumerable<BulkRow> rows,
        CancellationToken cancellation = default
    )
    {
        using var lines = bulk.Gather(call);
        foreach (var row in rows)
        {
            if (!await lines.AddAsync(row, cancellation))
            {
                break;
            }
        }

        return await bulk.ExecuteAsync(lines, cancellation);
    }

    protected Task<StockRecord?> Stock(string sku, string warehouse = Given.MainWarehouse) =>
        Node.Stock.ExecuteAsync(StockTarget.At(sku, warehouse), CancellationToken.None);

    protected async Task<string[]> Shelves(int count, long onHand)
    {
        var skus = new string[count];
        foreach (var i in Enumerable.Range(0, count))
        {
            skus[i] = await Given.Stock(onHand);
        }

        return skus;
    }

    /// <summary>How many answers are stored under the ids of a call.</summary>
    protected async Task<long> Answers(BulkEdit call)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>(
            "SELECT count(*) FROM request WHERE request_key = @Key",
            new { Key = RequestKey.Id(call.Caller, call.RequestId) }
        );
    }

    protected static IEnumerable<EditOutcome> Outcomes(BulkAnswer answer) => answer.Results.Select(r => r.Outcome);
}
