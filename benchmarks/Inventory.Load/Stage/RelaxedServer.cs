using Inventory.Engine.Database;
using Inventory.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Inventory.Load.Stage;

/// <summary>
/// The same server with synchronous_commit off, which it offers nobody: what durability costs is measured against it.
/// </summary>
internal static class RelaxedServer
{
    public const string Name = "serve-relaxed";

    /// <summary>This program, under the runtime settings of the published server.</summary>
    public static IReadOnlyList<string> Command(string serverProgram) =>
        [
            "exec",
            "--runtimeconfig",
            Path.ChangeExtension(serverProgram, ".runtimeconfig.json"),
            typeof(RelaxedServer).Assembly.Location,
            Name,
        ];

    public static async Task ServeAsync(string[] options)
    {
        var settings = options.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]));
        await using var app = ServerHost.Build(
            settings.Select(pair => KeyValuePair.Create(ConfigurationKey(pair.Key), pair.Value)),
            builder =>
                builder.Services.AddSingleton(provider => new Cell(
                    new CellOptions
                    {
                        ConnectionString = provider.GetRequiredService<ServerOptions>().Database,
                        SynchronousCommit = false,
                    }
                ))
        );
        await app.StartAsync();
        var ports = ServerPorts.Of(app);
        await Console.Out.WriteLineAsync($"ready grpc={ports.Grpc} http={ports.Http}");
        await app.WaitForShutdownAsync();
    }

    private static string ConfigurationKey(string option) =>
        Setting.All.Single(setting => setting.Option == option).ConfigurationKey;
}
