using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Inventory.Server.Embedded;

/// <summary>
/// Redis in the data folder. It keeps nothing on disk: it holds copies, and an empty cache is filled again, where one
/// from before the last stop would have to be proved right.
/// </summary>
internal static class PrivateRedis
{
    private const string Program = "redis-server";
    private static readonly string[] Folders = ["/usr/bin", "/usr/local/bin", "/usr/sbin"];

    /// <returns>Not started yet.</returns>
    public static async Task<PrivateServer> PrepareAsync(
        DataFolder folder,
        ILogger logger,
        CancellationToken cancellation
    )
    {
        var program = Folders.Select(f => Path.Combine(f, Program)).FirstOrDefault(File.Exists);
        if (program is null)
        {
            throw new EmbeddedException(
                "redis-server is not installed. On Debian or Ubuntu: apt-get install redis-server. "
                    + "Or set ConnectionStrings__Redis to a server of yours."
            );
        }

        Directory.CreateDirectory(folder.Redis);
        await DatabaseUser.OwnAsync(folder.Redis, cancellation);
        return new PrivateServer(Kind(folder, program), logger);
    }

    /// <summary>In the form that StackExchange.Redis reads.</summary>
    public static string ConnectionString(DataFolder folder, int port) =>
        $"127.0.0.1:{port},password={folder.Password},abortConnect=false";

    private static ServerKind Kind(DataFolder folder, string program)
    {
        var configuration = Path.Combine(folder.Redis, "redis.conf");
        var pidFile = Path.Combine(folder.Redis, "redis.pid");
        return new ServerKind
        {
            Name = "Redis",
            Program = program,
            Path = configuration,
            PidFile = pidFile,
            PortFile = Path.Combine(folder.Root, "redis.port"),
            Log = Path.Combine(folder.Root, "redis.log"),
            Arguments = [configuration],
            ConfigureAsync = (port, cancellation) =>
                DataFolder.WritePrivateAsync(configuration, Settings(folder, port, pidFile), cancellation),
            AskAsync = (port, cancellation) => AskAsync(folder, port, cancellation),
            Stop = [(Signal.Terminate, TimeSpan.FromSeconds(10)), (Signal.Kill, TimeSpan.FromSeconds(10))],
        };
    }

    // Without its title set, the command line stays as started, which is how a server left behind is known.
    private static string Settings(DataFolder folder, int port, string pidFile) =>
        $"""
            bind 127.0.0.1
            port {port}
            requirepass {folder.Password}
            dir "{folder.Redis}"
            pidfile "{pidFile}"
            set-proc-title no
            save ""
            appendonly no
            databases 256
            maxmemory 256mb
            maxmemory-policy allkeys-lru

            """;

    private static async Task<Answer> AskAsync(DataFolder folder, int port, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {folder.Password}\r\nPING\r\n"), limit.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var authenticated = await reader.ReadLineAsync(limit.Token);
            var answer = await reader.ReadLineAsync(limit.Token);
            return (authenticated, answer) == ("+OK", "+PONG") ? Answer.Ready : Answer.None;
        }
        catch (Exception silent) when (silent is SocketException or IOException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return Answer.None;
        }
    }
}
