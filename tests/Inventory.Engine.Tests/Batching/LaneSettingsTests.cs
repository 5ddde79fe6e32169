using Dapper;
using Inventory.Engine.Batching;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Batching;

/// <summary>What bounds a lane's waits stands in the database, also when the server is frozen.</summary>
[TestFixture]
public sealed class LaneSettingsTests : EngineFixture
{
    private const string SettingsSql = "SELECT name, setting FROM pg_settings WHERE name = ANY (@Names)";

    private static readonly Dictionary<string, string> Bounds = new()
    {
        ["statement_timeout"] = "10000",
        ["lock_timeout"] = "5000",
        ["idle_in_transaction_session_timeout"] = "5000",
        ["client_connection_check_interval"] = "1000",
        ["default_transaction_isolation"] = "read committed",
        ["synchronous_commit"] = "on",
    };

    [Test]
    public async Task A_lane_waits_for_nothing_without_a_limit()
    {
        var settings = new Dictionary<string, string>();
        await using var coalescer = new Coalescer<string, string>(
            Database.Cell,
            new CoalescerOptions { Operation = "tests.settings", Lanes = 1 },
            "shed",
            async (connection, batch) =>
            {
                var rows = await connection.QueryAsync<(string Name, string Setting)>(
                    SettingsSql,
                    new { Names = Bounds.Keys.ToArray() }
                );
                settings = rows.ToDictionary(row => row.Name, row => row.Setting);
                batch[0].Settle("read");
            }
        );

        await coalescer.SubmitAsync("read", CancellationToken.None);

        Assert.That(settings, Is.EquivalentTo(Bounds));
    }
}
