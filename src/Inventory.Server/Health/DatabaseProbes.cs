using Inventory.Engine.Database;

namespace Inventory.Server.Health;

/// <summary>The probes that say whether calls can be served from the database.</summary>
internal static class DatabaseProbes
{
    private const string Sql = """
        -- health.database
        SELECT 1
        """;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider => new HealthProbe(
            "database",
            cancellation => AnswersAsync(Cell(provider), cancellation)
        ));
        services.AddSingleton(provider => new HealthProbe(
            "migrations",
            cancellation => CurrentAsync(provider, cancellation)
        ));
        services.AddSingleton(provider => new HealthProbe("settings", new SettingsProbe(Cell(provider)).FindAsync));
    }

    private static Cell Cell(IServiceProvider provider) => provider.GetRequiredService<Cell>();

    private static async Task<string?> AnswersAsync(Cell cell, CancellationToken cancellation)
    {
        await using var command = cell.General.CreateCommand(Sql);
        await command.ExecuteScalarAsync(cancellation);
        return null;
    }

    private static async Task<string?> CurrentAsync(IServiceProvider provider, CancellationToken cancellation)
    {
        try
        {
            var pending = await provider.GetRequiredService<Migrator>().PendingAsync(cancellation);
            return pending.Count == 0
                ? null
                : $"{pending.Count} to apply, from {pending[0].Name}: run Inventory.Server migrate";
        }
        catch (MigrationException mismatch)
        {
            return mismatch.Message;
        }
    }

    /// <summary>Settings are fixed when a connection starts, so what was once found right is not asked again.</summary>
    private sealed class SettingsProbe(Cell cell)
    {
        private bool right;

        public async Task<string?> FindAsync(CancellationToken cancellation)
        {
            if (right)
            {
                return null;
            }

            var problems = await cell.CheckSettingsAsync(cancellation);
            right = problems.Count == 0;
            return right ? null : string.Join("; ", problems);
        }
    }
}
