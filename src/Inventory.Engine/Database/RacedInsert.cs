using Npgsql;

namespace Inventory.Engine.Database;

/// <summary>
/// Runs a statement that looks for its keys and then inserts them plainly. Who loses a race for a key violates it, runs
/// again and finds it, so that the statement itself says which key was taken. The same for a key that others need: who
/// takes it away just as a row that refers to it comes to life runs again and finds that row.
/// </summary>
internal static class RacedInsert
{
    private const int AttemptsMax = 5;

    /// <summary>Runs it on a connection of its own.</summary>
    /// <exception cref="NpgsqlException">The database is away, or the race was lost again and again.</exception>
    internal static async Task<T> RunAsync<T>(
        Cell cell,
        Func<NpgsqlConnection, Task<T>> statement,
        CancellationToken cancellation
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var connection = await cell.General.OpenConnectionAsync(cancellation);
            try
            {
                return await statement(connection);
            }
            catch (PostgresException e) when (IsLostRace(e) && attempt < AttemptsMax)
            {
                // The winner has committed, or is gone: the next look sees which.
            }
        }
    }

    private static bool IsLostRace(PostgresException e) =>
        e.SqlState
            is PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.ForeignKeyViolation
                or PostgresErrorCodes.DeadlockDetected;
}
