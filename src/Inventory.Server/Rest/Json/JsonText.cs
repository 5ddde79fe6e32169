using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace Inventory.Server.Rest.Json;

/// <summary>
/// Messages as JSON: lowerCamelCase, default values too, int64 as strings; what an Any holds with its @type.
/// </summary>
internal static class JsonText
{
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter
            .Settings.Default.WithFormatDefaultValues(true)
            .WithTypeRegistry(TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor))
    );

    public static string Of(IMessage message) => Formatter.Format(message);
}
