namespace Inventory.Server.Hosting;

/// <summary>What the process was started with: a command and the settings that follow it.</summary>
internal sealed record CommandLine(
    string Command,
    IReadOnlyList<KeyValuePair<string, string?>> Settings,
    IReadOnlyDictionary<string, string> Arguments
)
{
    public const string Serve = "serve";
    public const string Migrate = "migrate";
    public const string Keys = "keys";
    public const string User = "user";
    public const string Version = "--version";
    public const string Help = "--help";

    public static string Usage { get; } =
        $"""
            Inventory.Server [serve] [options]    serves until SIGTERM or Ctrl-C
            Inventory.Server migrate [options]    brings the database's schema to this version, and ends
            Inventory.Server keys create --name NAME [--scopes A,B] [--roles A,B] [--warehouses A,B] [--days N]
                                                  makes an API key and prints it, this once
            Inventory.Server keys list [options]  tells all API keys, and nothing of their secrets
            Inventory.Server keys revoke --id ID [options]
                                                  ends a key; servers give it up within 30 seconds
            Inventory.Server user create --name NAME --roles A,B [--warehouses A,B] [options]
                                                  makes a user and prints a one-time password, this once
            Inventory.Server user list [options]  tells all users
            Inventory.Server user reset --name NAME [options]
                                                  gives a user another one-time password, and lifts a lock
            Inventory.Server --version

            Each option is also an environment variable, with what holds without it in brackets:
            {string.Join(
                Environment.NewLine,
                Setting.All.Select(s => $"  {s.Option, -20} {s.Key}\n{"", 24}{s.Meaning}")
            )}
            """;

    /// <exception cref="ConfigurationException">
    /// A command or option is not known, or an option has no value; the message names each.
    /// </exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var hasCommand =
            args.Count > 0 && (!args[0].StartsWith("--", StringComparison.Ordinal) || args[0] is Version or Help);
        var command = hasCommand ? args[0] : Serve;
        var rest = args.Skip(hasCommand ? 1 : 0).ToList();
        if (command is Keys or User && rest.Count > 0)
        {
            command = $"{command} {rest[0]}";
            rest.RemoveAt(0);
        }

        var problems = new List<string>();
        var isOfMany =
            KeyCommands.All.TryGetValue(command, out var own) || UserCommands.All.TryGetValue(command, out own);
        if (!isOfMany && command is not (Serve or Migrate or Version or Help))
        {
            problems.Add(
                $"{command} is no command: there are serve, migrate,"
                    + $" {string.Join(", ", KeyCommands.All.Keys.Concat(UserCommands.All.Keys))},"
                    + " --version and --help."
            );
        }

        var arguments = new Dictionary<string, string>();
        var settings = ParseOptions([.. rest], own ?? [], arguments, problems);
        return problems.Count == 0 ? new(command, settings, arguments) : throw new ConfigurationException(problems);
    }

    private static List<KeyValuePair<string, string?>> ParseOptions(
        string[] args,
        IReadOnlyList<string> own,
        Dictionary<string, string> arguments,
        List<string> problems
    )
    {
        var settings = new List<KeyValuePair<string, string?>>();
        for (var i = 0; i < args.Length; i++)
        {
            var (option, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            var setting = Setting.All.FirstOrDefault(s => s.Option == option);
            if (setting is null && !own.Contains(option))
            {
                problems.Add($"{option} is no option; --help lists them.");
                // What follows is its value, and no second mistake.
                i += i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? 1 : 0;
            }
            else if ((value ?? (++i < args.Length ? args[i] : null)) is { } given)
            {
                if (setting is null)
                {
                    arguments[option] = given;
                }
                else
                {
                    settings.Add(new(setting.ConfigurationKey, given));
                }
            }
            else
            {
                problems.Add($"{option} needs a value.");
            }
        }

        return settings;
    }
}
