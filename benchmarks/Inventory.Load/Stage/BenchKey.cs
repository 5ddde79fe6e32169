using Dapper;
using Grpc.Net.Client;
using Inventory.Engine.Access;
using Npgsql;

namespace Inventory.Load.Stage;

/// <summary>
/// The API key that every measured call carries: what is measured is a server that asks who calls. It opens nothing but
/// the databases of a run.
/// </summary>
internal static class BenchKey
{
    public const string Secret = $"{ApiKeySecret.Prefix}measured-measured-measured-measured-measure";

    private const string TableSql = """
        -- bench.has_keys
        SELECT to_regclass('api_key') IS NOT NULL
        """;

    private const string KeySql = """
        -- bench.key
        INSERT INTO api_key (name, sha256, scopes, roles, created_by) VALUES ('bench', @Sha256, '{admin}', '{}', 'bench')
        """;

    /// <summary>For what is measured by calls of the ordinary client.</summary>
    public static GrpcChannel ChannelTo(RunningServer server) =>
        GrpcChannel.ForAddress(
            $"http://{server.Grpc}",
            new()
            {
                HttpHandler = new BearingHandler { InnerHandler = new SocketsHttpHandler() },
                DisposeHttpClient = true,
            }
        );

    private sealed class BearingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.Headers.Authorization = new("Bearer", Secret);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>A build that is older than API keys asks nobody, and has no table for them.</summary>
    public static async Task PlantAsync(NpgsqlDataSource tables)
    {
        await using var connection = await tables.OpenConnectionAsync();
        if (await connection.QuerySingleAsync<bool>(TableSql))
        {
            await connection.ExecuteAsync(KeySql, new { Sha256 = ApiKeySecret.Hash(Secret) });
        }
    }
}
