using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inventory.Server.Reflection;

/// <summary>
/// Every file that the served API is made of, found by name, by any symbol in it, and by the extensions it declares.
/// </summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> byName = [];
    private readonly Dictionary<string, FileDescriptor> bySymbol = [];
    private readonly Dictionary<(string Type, int Number), FileDescriptor> byExtension = [];

    public DescriptorIndex(ServedApi api)
    {
        foreach (var service in api.Services)
        {
            Add(service.File);
        }
    }

    public FileDescriptor? FileNamed(string name) => byName.GetValueOrDefault(name);

    public FileDescriptor? FileWithSymbol(string symbol) => bySymbol.GetValueOrDefault(symbol);

    public FileDescriptor? FileWithExtension(string type, int number) => byExtension.GetValueOrDefault((type, number));

    /// <returns>In ascending order; null for a type that is not known.</returns>
    public IReadOnlyList<int>? ExtensionNumbers(string type) =>
        FileWithSymbol(type) is null
            ? null
            : [.. byExtension.Keys.Where(k => k.Type == type).Select(k => k.Number).Order()];

    /// <summary>The file and all that it imports, imports first: a client can build its pool in this order.</summary>
    public static IReadOnlyList<ByteString> WithImports(FileDescriptor file)
    {
        var ordered = new List<ByteString>();
        var seen = new HashSet<string>();
        Visit(file);
        return ordered;

        void Visit(FileDescriptor next)
        {
            if (seen.Add(next.Name))
            {
                foreach (var import in next.Dependencies)
                {
                    Visit(import);
                }

                ordered.Add(next.SerializedData);
            }
        }
    }

    private void Add(FileDescriptor file)
    {
        if (!byName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var service in file.Services)
        {
            bySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                bySymbol[method.FullName] = file;
            }
        }

        foreach (var message in file.MessageTypes)
        {
            Add(message);
        }

        foreach (var type in file.EnumTypes)
        {
            Add(type);
        }

        foreach (var extension in file.Extensions.UnorderedExtensions)
        {
            bySymbol[extension.FullName] = file;
            byExtension[(extension.ExtendeeType.FullName, extension.FieldNumber)] = file;
        }

        foreach (var import in file.Dependencies)
        {
            Add(import);
        }
    }

    private void Add(MessageDescriptor message)
    {
        bySymbol[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            bySymbol[field.FullName] = message.File;
        }

        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }

        foreach (var type in message.EnumTypes)
        {
            Add(type);
        }
    }

    private void Add(EnumDescriptor type)
    {
        bySymbol[type.FullName] = type.File;
        // A value is its enum's sibling, as in C++; C#'s descriptors name it as a part of the enum.
        var scope = type.FullName[..(type.FullName.LastIndexOf('.') + 1)];
        foreach (var value in type.Values)
        {
            bySymbol[scope + value.Name] = type.File;
        }
    }
}
