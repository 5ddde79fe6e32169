using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Inventory.Engine.Access;
using Inventory.Engine.Database;
using Inventory.Server.Security;

namespace Inventory.Server.Hosting;

/// <summary>
/// <c>Inventory.Server keys …</c>: API keys, made and ended by whoever may write to the database. So the first key
/// needs no key.
/// </summary>
internal static partial class KeyCommands
{
    private const string Create = $"{CommandLine.Keys} create";
    private const string List = $"{CommandLine.Keys} list";
    private const string Revoke = $"{CommandLine.Keys} revoke";
    private const string Name = "--name";
    private const string Scopes = "--scopes";
    private const string Roles = "--roles";
    private const string Warehouses = "--warehouses";
    private const string Days = "--days";
    private const string Id = "--id";
    private const int DaysMax = 3_650;

    /// <summary>The commands with the options of their own.</summary>
    public static FrozenDictionary<string, string[]> All { get; } =
        new Dictionary<string, string[]>
        {
            [Create] = [Name, Scopes, Roles, Warehouses, Days],
            [List] = [],
            [Revoke] = [Id],
        }.ToFrozenDictionary();

    /// <exception cref="ConfigurationException">An option is missing or wrong; the message names each.</exception>
    public static async Task RunAsync(CommandLine line, TextWriter output)
    {
        var problems = new List<string>();
        var asked = line.Command == Create ? ReadKey(line.Arguments, problems) : null;
        var id = line.Command == Revoke ? ReadNumber(line.Arguments, Id, int.MaxValue, problems) : null;
        if (line.Command == Revoke && id is null)
        {
            problems.Add($"{Id} must say which: keys list tells them.");
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems);
        }

        var options = ServerOptions.Read(ServerHost.NewBuilder(line.Settings).Configuration, environment: null);
        await using var cell = new Cell(new CellOptions { ConnectionString = options.Database });
        await (
            asked is not null ? CreateAsync(cell, asked, output)
            : id is { } which ? RevokeAsync(cell, which, output)
            : ListAsync(cell, output)
        );
    }

    private static async Task CreateAsync(Cell cell, NewApiKey asked, TextWriter output)
    {
        var made = await new CreateApiKey(cell).ExecuteAsync(asked, CancellationToken.None);
        // The secret alone on its line, for scripts.
        await output.WriteLineAsync(made.Secret);
        await output.WriteLineAsync(
            $"Key {made.ApiKeyId} of {asked.Name}. It is told this once; callers send it as authorization: Bearer …"
        );
    }

    private static async Task RevokeAsync(Cell cell, int id, TextWriter output)
    {
        var name =
            await new RevokeApiKey(cell).ExecuteAsync(id, new(Operator()), CancellationToken.None)
            ?? throw new ConfigurationException([$"{Id} is {id}, and there is no such key."]);
        await output.WriteLineAsync($"Key {id} of {name} is revoked; every server has given it up within 30 seconds.");
    }

    private static async Task ListAsync(Cell cell, TextWriter output)
    {
        foreach (var key in await new ListApiKeys(cell).ExecuteAsync(ended: true, CancellationToken.None))
        {
            var allowed = string.Join(',', key.Roles.Concat(key.Scopes));
            var places = key.Warehouses is { } codes ? $" in {string.Join(',', codes)}" : "";
            var state =
                key.RevokedAt is { } revoked ? $"revoked {revoked:u}"
                : key.ExpiresAt is { } expires ? $"expires {expires:u}"
                : "does not expire";
            var used = key.LastUsedAt is { } last ? $"last used {last:u}" : "never used";
            await output.WriteLineAsync($"{key.ApiKeyId} {key.Name}: {allowed}{places}; {state}; {used}");
        }
    }

    private static NewApiKey ReadKey(IReadOnlyDictionary<string, string> arguments, List<string> problems)
    {
        var key = new NewApiKey
        {
            Name = arguments.GetValueOrDefault(Name, ""),
            Scopes = ReadNames(arguments, Scopes, ScopeNames.AllScopes, problems),
            Roles = ReadNames(arguments, Roles, ScopeNames.AllRoles, problems),
            Warehouses = arguments.ContainsKey(Warehouses) ? Split(arguments, Warehouses) : null,
            Lifetime = ReadNumber(arguments, Days, DaysMax, problems) is { } days ? TimeSpan.FromDays(days) : null,
            CreatedBy = new(Operator()),
        };
        if (!Caller().IsMatch(key.Name))
        {
            problems.Add($"{Name} must be 1 to 64 letters, digits, dots, underscores or hyphens.");
        }

        if (key.Scopes.Count + key.Roles.Count == 0)
        {
            problems.Add($"{Scopes} or {Roles} must say what the key allows.");
        }

        if (key.Warehouses is { Count: 0 })
        {
            problems.Add($"{Warehouses} names none.");
        }

        return key;
    }

    private static string[] ReadNames(
        IReadOnlyDictionary<string, string> arguments,
        string option,
        IReadOnlyCollection<string> known,
        List<string> problems
    )
    {
        var names = Split(arguments, option);
        foreach (var unknown in names.Except(known))
        {
            problems.Add($"{option} has '{unknown}', and there are {string.Join(", ", known.Order())}.");
        }

        return names;
    }

    private static string[] Split(IReadOnlyDictionary<string, string> arguments, string option) =>
        arguments
            .GetValueOrDefault(option, "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int? ReadNumber(
        IReadOnlyDictionary<string, string> arguments,
        string option,
        int max,
        List<string> problems
    )
    {
        if (!arguments.TryGetValue(option, out var text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1)
        {
            if (number <= max)
            {
                return number;
            }
        }

        problems.Add($"{option} is '{text}', and must be a whole number from 1 to {max}.");
        return null;
    }

    private static string Operator() => $"cli:{Environment.UserName}";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Caller();
}
