using System.Collections.Frozen;
using Inventory.Engine.Database;
using Inventory.Engine.Users;
using Inventory.Server.Security;
using Inventory.Server.Security.Users;
using Inventory.Server.Validation;

namespace Inventory.Server.Hosting;

/// <summary>
/// <c>Inventory.Server user …</c>: users, made and let in again by whoever may write to the database. So an admin who
/// has lost the password needs no other admin.
/// </summary>
internal static class UserCommands
{
    private const string Create = $"{CommandLine.User} create";
    private const string List = $"{CommandLine.User} list";
    private const string Reset = $"{CommandLine.User} reset";
    private const string Name = "--name";
    private const string Roles = "--roles";
    private const string Warehouses = "--warehouses";

    /// <summary>The commands with the options of their own.</summary>
    public static FrozenDictionary<string, string[]> All { get; } =
        new Dictionary<string, string[]>
        {
            [Create] = [Name, Roles, Warehouses],
            [List] = [],
            [Reset] = [Name],
        }.ToFrozenDictionary();

    /// <exception cref="ConfigurationException">An option is missing or wrong; the message names each.</exception>
    public static async Task RunAsync(CommandLine line, TextWriter output)
    {
        var problems = new List<string>();
        var name = line.Arguments.GetValueOrDefault(Name, "");
        var roles = Split(line, Roles);
        if (line.Command != List && !UserRules.IsName(name))
        {
            problems.Add(
                $"{Name} must be 1 to {UserRules.NameLengthMax} letters, digits, dots, underscores, hyphens or at"
                    + " signs."
            );
        }

        if (line.Command == Create)
        {
            problems.AddRange(FindProblems(roles));
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems);
        }

        var options = ServerOptions.Read(ServerHost.NewBuilder(line.Settings).Configuration, environment: null);
        await using var cell = new Cell(new CellOptions { ConnectionString = options.Database });
        await (
            line.Command switch
            {
                Create => CreateAsync(cell, name, roles, Split(line, Warehouses), output),
                Reset => ResetAsync(cell, name, output),
                _ => ListAsync(cell, output),
            }
        );
    }

    private static async Task CreateAsync(
        Cell cell,
        string name,
        string[] roles,
        string[] warehouses,
        TextWriter output
    )
    {
        var password = OneTimePassword.Make();
        var asked = new NewUser
        {
            From = Operator(),
            RequestId = $"{Guid.NewGuid():n}",
            Name = name,
            PasswordHash = Passwords.Hash(password),
            Roles = roles,
            Warehouses = warehouses.Length == 0 ? null : warehouses,
        };
        var answer = await new CreateUser(cell).ExecuteAsync(asked, CancellationToken.None);
        if (answer.Outcome != UserOutcome.Done)
        {
            throw new ConfigurationException([$"{Name} is {name}, and there is such a user already."]);
        }

        // The password alone on its line, for scripts.
        await output.WriteLineAsync(password);
        await output.WriteLineAsync($"User {name} signs in with it once, and sets another. It is told this once.");
    }

    private static async Task ResetAsync(Cell cell, string name, TextWriter output)
    {
        var password = OneTimePassword.Make();
        var answer = await new ResetPassword(cell).ExecuteAsync(
            name,
            Passwords.Hash(password),
            $"{Guid.NewGuid():n}",
            Operator(),
            CancellationToken.None
        );
        if (answer.User is not { } user)
        {
            throw new ConfigurationException([$"{Name} is {name}, and there is no such user."]);
        }

        await output.WriteLineAsync(password);
        await output.WriteLineAsync(
            $"User {user.Name} signs in with it once, and sets another; sessions end within 30 seconds."
                + (user.DisabledAt is null ? "" : " The user is disabled, and stays so.")
        );
    }

    private static async Task ListAsync(Cell cell, TextWriter output)
    {
        string? next = null;
        do
        {
            var page = await new ListUsers(cell).ExecuteAsync(
                disabled: null,
                ListUsers.PageSizeMax,
                next,
                CancellationToken.None
            );
            foreach (var user in page.Users)
            {
                var places = user.Warehouses is { } codes ? $" in {string.Join(',', codes)}" : "";
                var state =
                    user.DisabledAt is { } disabled ? $"disabled {disabled:u}"
                    : user.MustChange ? "must set a password"
                    : "enabled";
                var last = user.LastSignInAt is { } at ? $"last signed in {at:u}" : "never signed in";
                await output.WriteLineAsync($"{user.Name}: {string.Join(',', user.Roles)}{places}; {state}; {last}");
            }

            next = page.NextPageToken;
        } while (next is not null);
    }

    private static IEnumerable<string> FindProblems(string[] roles)
    {
        if (roles.Length == 0)
        {
            yield return $"{Roles} must say what the user may do.";
        }

        foreach (var unknown in roles.Except(ScopeNames.AllRoles))
        {
            yield return $"{Roles} has '{unknown}', and there are {string.Join(", ", ScopeNames.AllRoles.Order())}.";
        }
    }

    private static string[] Split(CommandLine line, string option) =>
        line
            .Arguments.GetValueOrDefault(option, "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ActedFrom Operator() => new($"cli:{Environment.UserName}", "cli", "");
}
