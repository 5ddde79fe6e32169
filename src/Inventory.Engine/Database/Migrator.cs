using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// Brings a cell's schema to the version of this build: embedded, numbered, forward-only SQL files, each applied
/// once, in one transaction, under an advisory lock, with its hash recorded.
/// </summary>
public sealed class Migrator(Cell cell)
{
    private const string AppliedSql = """
        -- database.applied_migrations
        SELECT number, name, sha256 FROM schema_migration ORDER BY number
        """;

    private const string RecordSql = """
        -- database.record_migration
        INSERT INTO schema_migration (number, name, sha256) VALUES (@Number, @Name, @Sha256)
        """;

    private const string TableSql = """
        -- database.migration_table
        CREATE TABLE IF NOT EXISTS schema_migration (
            number int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())
        """;

    private const string LockSql = """
        -- database.lock_migrations
        SELECT pg_advisory_xact_lock(hashtext('inventory.migrate'), hashtext(@Schema))
        """;

    /// <summary>The migrations of this build, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <summary>Applies what is missing.</summary>
    /// <returns>The migrations that were applied now.</returns>
    /// <exception cref="MigrationException">
    /// A migration that was applied before has another text now, or the database is newer than this build.
    /// </exception>
    /// <exception cref="NpgsqlException">
    /// The database is away, or a statement failed; nothing of that migration stays.
    /// </exception>
    public async Task<IReadOnlyList<Migration>> ApplyAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(
            new CommandDefinition(LockSql, new { cell.Schema }, cancellationToken: cancellation)
        );
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(cell.Schema);
        await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {quoted}", cancellation);
        await connection.ExecuteAsync(new CommandDefinition(TableSql, cancellationToken: cancellation));

        var missing = Missing(await ReadAppliedAsync(connection, cancellation));
        foreach (var migration in missing)
        {
            await RunAsync(connection, migration.Sql, cancellation);
            await connection.ExecuteAsync(new CommandDefinition(RecordSql, migration, cancellationToken: cancellation));
        }

        await transaction.CommitAsync(cancellation);
        return missing;
    }

    /// <summary>
    /// What a start would have to apply; for readiness, and for production, where a start applies nothing.
    /// </summary>
    /// <exception cref="MigrationException">As for <see cref="ApplyAsync"/>.</exception>
    public async Task<IReadOnlyList<Migration>> PendingAsync(CancellationToken cancellation)
    {
        await using var connection = await cell.General.OpenConnectionAsync(cancellation);
        try
        {
            return Missing(await ReadAppliedAsync(connection, cancellation));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return All;
        }
    }

    private static async Task<List<Migration>> ReadAppliedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        var rows = await connection.QueryAsync<(int Number, string Name, string Sha256)>(
            new CommandDefinition(AppliedSql, cancellationToken: cancellation)
        );
        return [.. rows.Select(r => new Migration(r.Number, r.Name, r.Sha256, ""))];
    }

    private static List<Migration> Missing(List<Migration> applied)
    {
        foreach (var old in applied)
        {
            var ours =
                All.FirstOrDefault(m => m.Number == old.Number)
                ?? throw new MigrationException(
                    $"The database has migration {old.Name}, which this build does not know: it is newer."
                );
            if (ours.Sha256 != old.Sha256)
            {
                throw new MigrationException(
                    $"Migration {ours.Name} was applied with another text: an applied migration is never changed."
                );
            }
        }

        return [.. All.Where(m => applied.All(a => a.Number != m.Number))];
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // The text is ours, embedded in this assembly; a migration holds several statements and takes no parameters.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static List<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string Folder = ".Database.Migrations.";
        var names = assembly.GetManifestResourceNames().Where(n => n.Contains(Folder, StringComparison.Ordinal));
        return
        [
            .. names
                .Order(StringComparer.Ordinal)
                .Select(resource =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
                    var sql = reader.ReadToEnd();
                    var name = resource[
                        (resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^".sql".Length
                    ];
                    var number = int.Parse(name[..4], System.Globalization.CultureInfo.InvariantCulture);
                    return new Migration(
                        number,
                        name,
                        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))),
                        sql
                    );
                }),
        ];
    }
}
