using System.Reflection;

namespace Inventory.Server.Hosting;

/// <summary>The version of this build, as --version, /health and telemetry tell it.</summary>
public static class ServerVersion
{
    /// <summary>Such as <c>0.1.0+3f2a…</c>: the release, and the commit where it is known.</summary>
    public static string Text { get; } =
        typeof(ServerVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;
}
