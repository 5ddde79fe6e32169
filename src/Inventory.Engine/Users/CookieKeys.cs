using Dapper;
using Inventory.Engine.Database;
using Npgsql;

namespace Inventory.Engine.Users;

/// <summary>
/// The keys of session cookies. Who asks for them cannot wait without a thread, by the contract of ASP.NET Data
/// Protection; it asks once a day.
/// </summary>
public sealed class CookieKeys(Cell cell)
{
    private const string ListSql = """
        -- users.list_cookie_keys
        SELECT xml FROM data_protection_key ORDER BY data_protection_key_id
        """;

    // Servers that start at once, or renew the key at once, make one each and keep the first: with two, each would know
    // its own for a day. The second statement sees what the lock's last holder has left.
    private const string StoreSql = """
        -- users.lock_cookie_keys
        SELECT count(*) FROM (
            SELECT pg_advisory_xact_lock(hashtext('inventory.cookie_keys'), hashtext(current_schema()::text)) OFFSET 0) AS locked;
        -- users.store_cookie_key
        INSERT INTO data_protection_key (friendly_name, xml)
        SELECT @Name, @Xml
        WHERE NOT (@IsKey AND EXISTS (
            SELECT FROM data_protection_key
            WHERE starts_with(friendly_name, 'key-') AND created_at > clock_timestamp() - interval '1 hour'))
        """;

    /// <summary>All that was stored, each an XML element, in the order in which it was.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public IReadOnlyList<string> List()
    {
        using var connection = cell.General.OpenConnection();
        return connection.Query<string>(ListSql).AsList();
    }

    /// <summary>Stores an element, unless it is a key and another server has just made one.</summary>
    /// <param name="name">key-, and its id; or of a revocation.</param>
    /// <param name="xml">The element.</param>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public void Store(string name, string xml)
    {
        using var connection = cell.General.OpenConnection();
        connection.Execute(
            StoreSql,
            new
            {
                Name = name,
                Xml = xml,
                IsKey = name.StartsWith("key-", StringComparison.Ordinal),
            }
        );
    }
}
