using System.Net.Sockets;
using System.Reflection;
using Npgsql;

namespace Inventory.Engine.Tests.Batching;

internal static class Connections
{
    /// <summary>Closes a connection's socket under it, as a network does, without a word to the server.</summary>
    internal static void ClearSocket(this NpgsqlConnection connection)
    {
        var connector = Private(connection, "Connector");
        ((Socket)Private(connector, "_socket")).Close();
    }

    private static object Private(object of, string name)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        return (of.GetType().GetProperty(name, Any)?.GetValue(of) ?? of.GetType().GetField(name, Any)?.GetValue(of))!;
    }
}
