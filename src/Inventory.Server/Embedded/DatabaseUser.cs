namespace Inventory.Server.Embedded;

/// <summary>
/// The user that the private servers run as. PostgreSQL refuses root, so root drops to the user that Debian's package
/// makes; anyone else runs them as oneself.
/// </summary>
internal static class DatabaseUser
{
    private const string Name = "postgres";

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>What stands before a command so that it runs as this user, in the same process.</summary>
    public static IReadOnlyList<string> Prefix { get; } =
        IsRoot ? ["setpriv", $"--reuid={Name}", $"--regid={Name}", "--init-groups", "--"] : [];

    public static async Task OwnAsync(string path, CancellationToken cancellation)
    {
        if (IsRoot)
        {
            await Command.RunCheckedAsync(["chown", $"{Name}:{Name}", path], cancellation);
        }
    }

    /// <exception cref="EmbeddedException">There is no such user, or a folder above is closed to it.</exception>
    public static async Task MustReachAsync(string folder, CancellationToken cancellation)
    {
        var (exitCode, output) = await Command.RunAsync([.. Prefix, "test", "-x", folder], cancellation);
        if (exitCode != 0)
        {
            throw new EmbeddedException(
                $"The folder {folder} can't be reached by the user '{Name}', which runs the private servers. {output} "
                    + $"Set {EmbeddedOptions.DataKey} to a folder that it can reach, such as one under /var/lib."
            );
        }
    }
}
