using System.Collections.Frozen;

namespace Inventory.Server.Embedded;

/// <summary>Which private servers to start, and where their files lie.</summary>
public sealed record EmbeddedOptions
{
    public const string DataKey = "INVENTORY_DATA";
    public const string PostgresKey = "ConnectionStrings:Inventory";
    public const string RedisKey = "ConnectionStrings:Redis";

    public required string DataFolder { get; init; }

    public bool Postgres { get; init; } = true;

    public bool Redis { get; init; } = true;

    /// <summary>A server that ends while we run is started again, on its port.</summary>
    public bool Restart { get; init; } = true;

    /// <summary>Settings that stand after, and so before, our own in postgresql.conf.</summary>
    public IReadOnlyDictionary<string, string> PostgresSettings { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>A part is private unless its connection string is given.</summary>
    public static EmbeddedOptions From(IConfiguration configuration) =>
        new()
        {
            DataFolder = configuration[DataKey] is { Length: > 0 } folder ? Path.GetFullPath(folder) : DefaultFolder(),
            Postgres = string.IsNullOrWhiteSpace(configuration[PostgresKey]),
            Redis = string.IsNullOrWhiteSpace(configuration[RedisKey]),
        };

    /// <summary>
    /// Root's own state folder is closed to the user that PostgreSQL runs as, so root's is the system's.
    /// </summary>
    private static string DefaultFolder()
    {
        const string name = "inventory-grpc";
        if (DatabaseUser.IsRoot)
        {
            return $"/var/lib/{name}";
        }

        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state))
        {
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        }

        return Path.Combine(state, name);
    }
}
