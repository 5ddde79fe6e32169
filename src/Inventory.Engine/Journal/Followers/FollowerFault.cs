using System.Net.Sockets;
using Npgsql;

namespace Inventory.Engine.Journal.Followers;

/// <summary>Tells a database that is away from rows that cannot be handled: only the latter are ever parked.</summary>
internal static class FollowerFault
{
    // 08 connection, 28 and 3D it refuses us as a whole, 40 a conflict, 53 no resources, 55 locked, 57 shut down or
    // ended by a timeout, 58 system error.
    private static readonly string[] AwayClasses = ["08", "28", "3D", "40", "53", "55", "57", "58"];

    private const string IdleInTransactionTimeout = "25P03";

    internal static bool IsDatabaseAway(Exception exception) =>
        exception switch
        {
            PostgresException refused => AwayClasses.Contains(refused.SqlState[..2])
                || refused.SqlState is IdleInTransactionTimeout or PostgresErrorCodes.ReadOnlySqlTransaction,
            NpgsqlException or SocketException => true,
            _ => false,
        };
}
