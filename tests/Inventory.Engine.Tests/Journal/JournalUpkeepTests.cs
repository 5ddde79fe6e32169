using Dapper;
using Inventory.Engine.Journal;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Journal;

[Parallelizable(ParallelScope.Self)]
public sealed class JournalUpkeepTests
{
    [Test]
    public async Task Missing_partitions_are_made_once_by_however_many_nodes()
    {
        await using var database = await TestDatabase.CreateAsync();
        var make = new MakeJournalPartitions(database.Cell);

        var made = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => make.ExecuteAsync(monthsAhead: 6, CancellationToken.None))
        );

        await using var connection = await database.Tables.OpenConnectionAsync();
        var partitions = await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'journal'::regclass"
        );
        Assert.That(made.Order(), Is.EqualTo([0, 0, 0, 3]), "the first four months came with the schema");
        Assert.That(partitions, Is.EqualTo(8), "seven months and the default");
    }

    [Test]
    public async Task The_era_stays_on_one_cluster_and_rises_on_another()
    {
        await using var database = await TestDatabase.CreateAsync();
        var open = new OpenEra(database.Cell);
        var first = await open.ExecuteAsync(CancellationToken.None);
        var again = await open.ExecuteAsync(CancellationToken.None);

        await using var connection = await database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE cell SET system_identifier = system_identifier - 1");
        var moved = await open.ExecuteAsync(CancellationToken.None);
        var settled = await open.ExecuteAsync(CancellationToken.None);

        Assert.That(again, Is.EqualTo(first));
        Assert.That(moved.Era, Is.EqualTo(first.Era + 1));
        Assert.That(settled, Is.EqualTo(moved));
    }
}
