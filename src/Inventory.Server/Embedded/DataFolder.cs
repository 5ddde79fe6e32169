using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Inventory.Server.Embedded;

/// <summary>The folder with all that the private servers keep. One of our processes at a time owns it.</summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "EmbeddedServers admits Linux only.")]
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly FileStream lockFile;

    private DataFolder(string root, string password, FileStream lockFile)
    {
        Root = root;
        Password = password;
        this.lockFile = lockFile;
    }

    public string Root { get; }

    /// <summary>
    /// Made with the folder. It keeps other users of the machine from servers that listen on loopback.
    /// </summary>
    public string Password { get; }

    public string Postgres => Path.Combine(Root, "postgres");

    public string Redis => Path.Combine(Root, "redis");

    public string PasswordFile => PasswordFileOf(Root);

    /// <exception cref="EmbeddedException">Another process owns it, or it can't be written or reached.</exception>
    public static async Task<DataFolder> OpenAsync(string root, CancellationToken cancellation)
    {
        var owned = Lock(root);
        try
        {
            await DatabaseUser.MustReachAsync(root, cancellation);
            var password = await PasswordAsync(root, cancellation);
            return new DataFolder(root, password, owned);
        }
        catch
        {
            await owned.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a file that only the servers' user and root can read, replacing the old one at once.</summary>
    public static async Task WritePrivateAsync(string path, string content, CancellationToken cancellation)
    {
        var made = path + ".new";
        File.Delete(made);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        };
        await using (var file = new StreamWriter(made, options))
        {
            await file.WriteAsync(content.AsMemory(), cancellation);
        }

        await DatabaseUser.OwnAsync(made, cancellation);
        File.Move(made, path, overwrite: true);
    }

    public void Dispose() => lockFile.Dispose();

    /// <summary>
    /// The kernel takes the lock away from a process that ends, however it ends; the pid is for people.
    /// </summary>
    private static FileStream Lock(string root)
    {
        try
        {
            Make(root);
            var owned = Open(Path.Combine(root, "lock")) ?? throw InUse(root);
            File.WriteAllText(OwnerFileOf(root), $"{Environment.ProcessId}\n");
            return owned;
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedException($"The folder {root} can't be written: {denied.Message}", denied);
        }
    }

    private static void Make(string root)
    {
        if (Directory.Exists(root))
        {
            return;
        }

        Directory.CreateDirectory(root);
        // Whatever the umask: the servers' user must be able to pass. What is secret is closed by itself.
        File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
    }

    /// <returns>Null when another process holds it.</returns>
    private static FileStream? Open(string path)
    {
        const int wouldBlock = 11;
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (taken.HResult == wouldBlock)
        {
            return null;
        }
    }

    private static EmbeddedException InUse(string root)
    {
        var owner = File.Exists(OwnerFileOf(root)) ? File.ReadAllText(OwnerFileOf(root)).Trim() : "";
        return new EmbeddedException(
            $"The folder {root} is in use by process {owner}. Stop that one, "
                + $"or set {EmbeddedOptions.DataKey} to another folder to run two."
        );
    }

    private static async Task<string> PasswordAsync(string root, CancellationToken cancellation)
    {
        var path = PasswordFileOf(root);
        if (!File.Exists(path))
        {
            await WritePrivateAsync(path, RandomNumberGenerator.GetHexString(32, lowercase: true), cancellation);
        }

        return await File.ReadAllTextAsync(path, cancellation);
    }

    private static string PasswordFileOf(string root) => Path.Combine(root, "password");

    private static string OwnerFileOf(string root) => Path.Combine(root, "server.pid");
}
