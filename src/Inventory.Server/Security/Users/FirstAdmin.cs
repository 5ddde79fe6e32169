using Inventory.Engine.Users;
using Inventory.Server.Hosting;
using Npgsql;

namespace Inventory.Server.Security.Users;

/// <summary>
/// Where users may sign in and there is none, one is made who can make the others. The password goes to whoever has
/// started the process, once, and not to the log, which others read and which is kept.
/// </summary>
internal static class FirstAdmin
{
    private static readonly ActedFrom From = new("server", "start", "");

    public static async Task MakeAsync(WebApplication app, TextWriter output, CancellationToken cancellation)
    {
        if (!app.Services.GetRequiredService<ServerOptions>().Authentication.Users)
        {
            return;
        }

        var create = app.Services.GetRequiredService<CreateFirstAdmin>();
        try
        {
            if (!await create.IsNeededAsync(cancellation))
            {
                return;
            }

            var password = OneTimePassword.Make();
            if (await create.ExecuteAsync(Passwords.Hash(password), From, cancellation))
            {
                await output.WriteLineAsync(
                    $"There was no user, and now there is {CreateFirstAdmin.Name}."
                        + $" One-time password, told this once: {password}"
                );
                await output.FlushAsync(cancellation);
            }
        }
        catch (NpgsqlException away)
        {
            app.Logger.FirstAdminNotMade(away.Message);
        }
    }
}
