using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RabbitMQ.Client;

namespace Inventory.Testing;

/// <summary>
/// A RabbitMQ of a test's own, Debian's, on free loopback ports in a fresh folder that goes with it, also when the test
/// process is killed. Its name server, epmd, has a port of its own too, so that no other Erlang on the machine is met.
/// </summary>
public sealed class RabbitBroker : IAsyncDisposable
{
    private const string User = "test";
    private const string Password = "secret";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(180);

    // The flag that Erlang does not know says by which folder it is ours.
    private const string Script = """
        cd /
        ln -sf "$(command -v epmd)" "$folder/epmd"
        export HOME="$folder" ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 RUNNING_UNDER_SYSTEMD=1 \
            RABBITMQ_NODENAME="inventory$port@localhost" RABBITMQ_DIST_PORT="$dist_port" \
            RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" \
            RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" \
            RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" RABBITMQ_CONF_ENV_FILE="$folder/env.conf" \
            RABBITMQ_PID_FILE="$folder/written.pid" \
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} -inventory $folder/rabbit"
        if [ "$part" = epmd ]; then
            echo $$ >"$folder/epmd.pid"
            exec "$folder/epmd" -port "$epmd_port" -address 127.0.0.1 </dev/null >"$folder/epmd.log" 2>&1
        fi
        echo $$ >"$folder/rabbit.pid"
        exec </dev/null >>"$folder/rabbit.log" 2>&1
        exec "$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server)"
        """;

    private readonly CleanUp cleanUp = new(Scratch.NewPath("rabbit"));
    private readonly int epmdPort = FreePort();
    private readonly int distPort = FreePort();
    private readonly int port = FreePort();
    private Process? epmd;
    private Process? rabbit;

    private RabbitBroker() { }

    /// <summary>With user and password, as the server is told it.</summary>
    public string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"amqp://{User}:{Password}@127.0.0.1:{port}/");

    /// <summary>Started, and serving.</summary>
    public static async Task<RabbitBroker> StartAsync()
    {
        var broker = new RabbitBroker();
        try
        {
            await broker.PrepareAsync();
            broker.epmd = broker.Run("epmd");
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>On the same port, with what it had on disk.</summary>
    public async Task StartAgainAsync()
    {
        rabbit = Run("rabbit");
        await (await Eventually.AnswersAsync(ConnectAsync, StartMax)).DisposeAsync();
    }

    /// <summary>
    /// SIGKILL, once the names of its quorum queues are on disk. 3.10 writes them half a second after a queue was
    /// declared; killed before that it makes the queue anew, without what was in it, and it never has a leader.
    /// </summary>
    public async Task KillAsync()
    {
        await Eventually.TrueAsync(HasNamesOnDiskAsync);
        rabbit!.Kill();
        await rabbit.WaitForExitAsync();
        rabbit.Dispose();
    }

    /// <summary>Sends a signal by its name, as in STOP or CONT.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{rabbit!.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new Uri(ConnectionString) }.CreateConnectionAsync();

    public async ValueTask DisposeAsync()
    {
        await Task.Run(cleanUp.Run);
        rabbit?.Dispose();
        epmd?.Dispose();
    }

    // Each queue has a folder of its name's id, and a table says which name has which id.
    private async Task<bool> HasNamesOnDiskAsync()
    {
        foreach (var names in Directory.EnumerateFiles(cleanUp.Folder, "names.dets", SearchOption.AllDirectories))
        {
            await using var file = new FileStream(names, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, Encoding.Latin1);
            var table = await reader.ReadToEndAsync();
            var queues = Directory.EnumerateDirectories(Path.GetDirectoryName(names)!).Select(Path.GetFileName);
            if (!queues.All(id => table.Contains(id!, StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task PrepareAsync()
    {
        Directory.CreateDirectory(Path.Combine(cleanUp.Folder, "mnesia"));
        Directory.CreateDirectory(Path.Combine(cleanUp.Folder, "log"));
        await WriteAsync("enabled_plugins", "[].\n");
        await WriteAsync("env.conf", "");
        await WriteAsync(
            "rabbitmq.conf",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                listeners.tcp.1 = 127.0.0.1:{port}
                default_user = {User}
                default_pass = {Password}
                log.console = true
                disk_free_limit.absolute = 1MB

                """
            )
        );
    }

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(cleanUp.Folder, name), text);

    private Process Run(string part) =>
        Process.Start(
            new ProcessStartInfo("setsid", ["sh", "-c", Script])
            {
                WorkingDirectory = "/",
                Environment =
                {
                    ["folder"] = cleanUp.Folder,
                    ["part"] = part,
                    ["port"] = port.ToString(CultureInfo.InvariantCulture),
                    ["epmd_port"] = epmdPort.ToString(CultureInfo.InvariantCulture),
                    ["dist_port"] = distPort.ToString(CultureInfo.InvariantCulture),
                },
            }
        )!;
}
