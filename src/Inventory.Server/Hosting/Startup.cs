using Inventory.Engine.Access;
using Inventory.Engine.Database;
using Inventory.Engine.Reservations;
using Inventory.Server.Demo;
using Inventory.Server.Embedded;
using Inventory.Server.Health;
using Inventory.Server.Security;
using Inventory.Server.Security.Users;
using Inventory.Server.Telemetry;
using Npgsql;

namespace Inventory.Server.Hosting;

/// <summary>From the command line to the exit code: 0 all went well, 1 something failed, 2 it was told wrong.</summary>
public static class Startup
{
    private const int Failed = 1;
    private const int ToldWrong = 2;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors)
    {
        try
        {
            var line = CommandLine.Parse(args);
            switch (line.Command)
            {
                case CommandLine.Version:
                    await output.WriteLineAsync(ServerVersion.Text);
                    return 0;
                case CommandLine.Help:
                    await output.WriteLineAsync(CommandLine.Usage);
                    return 0;
                case CommandLine.Migrate:
                    await MigrateAsync(line.Settings, output);
                    return 0;
                case var keys when KeyCommands.All.ContainsKey(keys):
                    await KeyCommands.RunAsync(line, output);
                    return 0;
                case var user when UserCommands.All.ContainsKey(user):
                    await UserCommands.RunAsync(line, output);
                    return 0;
                default:
                    await ServeAsync(line.Settings, output);
                    return 0;
            }
        }
        catch (ConfigurationException wrong)
        {
            await errors.WriteLineAsync(wrong.Message);
            return ToldWrong;
        }
        catch (Exception failed)
            when (failed is NpgsqlException or MigrationException or EmbeddedException or IOException)
        {
            // The database is away, or a port is taken: a sentence says it, a stack trace would hide it.
            await errors.WriteLineAsync(failed.Message);
            return Failed;
        }
    }

    private static async Task MigrateAsync(IReadOnlyList<KeyValuePair<string, string?>> settings, TextWriter output)
    {
        var options = ServerOptions.Read(ServerHost.NewBuilder(settings).Configuration, environment: null);
        await using var cell = new Cell(new CellOptions { ConnectionString = options.Database });
        var applied = await new Migrator(cell).ApplyAsync(CancellationToken.None);
        foreach (var migration in applied)
        {
            await output.WriteLineAsync($"applied {migration.Name}");
        }

        if (options.ServerRole is { } role)
        {
            await new GrantServerRole(cell).ExecuteAsync(role, CancellationToken.None);
            await output.WriteLineAsync($"{role} may do what the server does, and no more");
        }

        await output.WriteLineAsync(applied.Count == 0 ? "the schema is up to date" : $"{applied.Count} applied");
    }

    private static async Task ServeAsync(IReadOnlyList<KeyValuePair<string, string?>> settings, TextWriter output)
    {
        // Never started: it lends its configuration and log to the private servers, which are there before the host and
        // after it.
        await using var outer = ServerHost.NewBuilder(settings).Build();
        await using var embedded = await StartEmbeddedAsync(outer);
        await using var app = ServerHost.Build([.. settings, .. embedded?.Configuration ?? []]);
        if (app.Environment.IsDevelopment())
        {
            await MigrateAtStartAsync(app);
            await LoadDemoAsync(app);
        }

        await WarnAsync(app, output);
        await app.StartAsync();
        var announced = AnnounceAsync(app, output);
        await app.WaitForShutdownAsync();
        await announced;
    }

    /// <summary>Only in Development: in Production a database that nobody named is a mistake, not a wish.</summary>
    private static async Task<EmbeddedServers?> StartEmbeddedAsync(WebApplication outer) =>
        outer.Environment.IsDevelopment()
            ? await EmbeddedServers.StartAsync(
                EmbeddedOptions.From(outer.Configuration),
                outer.Logger,
                CancellationToken.None
            )
            : null;

    private static async Task MigrateAtStartAsync(WebApplication app)
    {
        foreach (var migration in await app.Services.GetRequiredService<Migrator>().ApplyAsync(CancellationToken.None))
        {
            app.Logger.MigrationApplied(migration.Name);
        }
    }

    private static async Task LoadDemoAsync(WebApplication app)
    {
        var wanted = app.Services.GetRequiredService<ServerOptions>().DemoItems;
        if (wanted == 0)
        {
            return;
        }

        var stock = new DemoStock(app.Services.GetRequiredService<Cell>(), app.Logger);
        if (await stock.LoadAsync(wanted, CancellationToken.None) > 0)
        {
            var holds = new DemoHolds(app.Services.GetRequiredService<ReserveInventory>(), app.Logger);
            await holds.PlaceAsync(CancellationToken.None);
        }
    }

    /// <summary>Loud, on both ways out: nobody shall run like this without knowing it.</summary>
    private static async Task WarnAsync(WebApplication app, TextWriter output)
    {
        var options = app.Services.GetRequiredService<ServerOptions>();
        if (options.Authentication.TrustsLoopback)
        {
            app.Logger.NobodyIsAsked(Gate.Dev.Name);
            await output.WriteLineAsync(
                $"WARNING: no authentication is configured. Whoever calls from this machine is '{Gate.Dev.Name}' and"
                    + " may do everything. For development only."
            );
        }
    }

    /// <summary>One line for whoever started the process and waits for it.</summary>
    private static async Task AnnounceAsync(WebApplication app, TextWriter output)
    {
        var ports = ServerPorts.Of(app);
        var serving = app.Services.GetRequiredService<ServingState>();
        while (serving.Now is { Serving: false } moment)
        {
            await Task.WhenAny(moment.Changed, Task.Delay(Timeout.Infinite, app.Lifetime.ApplicationStopping));
            if (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }
        }

        await FirstAdmin.MakeAsync(app, output, app.Lifetime.ApplicationStopping);
        app.Logger.Serving(ServerVersion.Text, ports.Grpc, ports.Http);
        await output.WriteLineAsync($"ready grpc={ports.Grpc} http={ports.Http}");
        await output.FlushAsync();
    }
}
