using System.Collections.Concurrent;
using System.Collections.Frozen;
using Google.Protobuf.Reflection;

namespace Inventory.Server.Rest.Json;

/// <summary>
/// By which names callers may call a field: lowerCamelCase, as the proto has it, and the names that callers of other
/// systems know, where the message has no field of that name itself.
/// </summary>
internal static class FieldNames
{
    /// <summary>
    /// The last column names the fields, in this order, that the first may stand for. A product_id may also be the
    /// product service's own id: <see cref="ProductNames"/> finds out.
    /// </summary>
    private static readonly (string Alias, string[] Fields)[] Aliases =
    [
        (ProductNames.Alias, ["sku", "item"]),
        ("warehouse_id", ["warehouse", "warehouses"]),
    ];

    private static readonly ConcurrentDictionary<MessageDescriptor, FrozenDictionary<string, Named>> Known = new();

    /// <param name="Field">The field.</param>
    /// <param name="IsProduct">It was called product_id, and is none.</param>
    internal readonly record struct Named(FieldDescriptor Field, bool IsProduct);

    /// <returns>Null when the message has no such field.</returns>
    public static Named? Find(MessageDescriptor message, string name) =>
        Known.GetOrAdd(message, Of).TryGetValue(name, out var named) ? named : null;

    private static FrozenDictionary<string, Named> Of(MessageDescriptor message)
    {
        var names = new Dictionary<string, Named>();
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            names[field.Name] = names[field.JsonName] = new(field, IsProduct: false);
        }

        foreach (var (alias, fields) in Aliases)
        {
            var field = fields
                .Select(message.FindFieldByName)
                .FirstOrDefault(f => f is { FieldType: FieldType.String });
            if (field is not null && names.TryAdd(alias, new(field, alias == ProductNames.Alias)))
            {
                names.TryAdd(CamelCase(alias), names[alias]);
            }
        }

        return names.ToFrozenDictionary();
    }

    private static string CamelCase(string name) =>
        string.Concat(
            name.Split('_').Select((word, i) => i == 0 ? word : $"{char.ToUpperInvariant(word[0])}{word[1..]}")
        );
}
