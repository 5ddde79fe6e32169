using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inventory.Server.Rest.OpenApi;

/// <summary>
/// What the protos say of each message, field, value and RPC. Generated code has no comments, so the build puts the
/// descriptors with theirs into the assembly of the protos.
/// </summary>
internal sealed class ProtoComments
{
    private const string Resource = "inventory.v1.protoset";

    private readonly Dictionary<string, string> comments = [];

    public ProtoComments()
    {
        using var stream = typeof(V1.Money).Assembly.GetManifestResourceStream(Resource)!;
        var files = FileDescriptorSet.Parser.ParseFrom(stream).File;
        foreach (var file in FileDescriptor.BuildFromByteStrings(files.Select(f => f.ToByteString())))
        {
            foreach (var service in file.Services)
            {
                Add(service);
                foreach (var method in service.Methods)
                {
                    Add(method);
                }
            }

            foreach (var message in file.MessageTypes)
            {
                AddMessage(message);
            }

            foreach (var type in file.EnumTypes)
            {
                AddEnum(type);
            }
        }
    }

    /// <summary>Paragraphs, each on a line; empty where the proto says nothing.</summary>
    public string Of(IDescriptor descriptor) => comments.GetValueOrDefault(descriptor.FullName, "");

    /// <summary>Up to the end of its first sentence, or of its first line where it has none.</summary>
    public string FirstSentence(IDescriptor descriptor)
    {
        var line = Of(descriptor).Split('\n')[0];
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? line : line[..(end + 1)];
    }

    private void AddMessage(MessageDescriptor message)
    {
        Add(message);
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            Add(field);
        }

        foreach (var oneof in message.Oneofs)
        {
            Add(oneof);
        }

        foreach (var nested in message.NestedTypes)
        {
            AddMessage(nested);
        }

        foreach (var type in message.EnumTypes)
        {
            AddEnum(type);
        }
    }

    private void AddEnum(EnumDescriptor type)
    {
        Add(type);
        foreach (var value in type.Values)
        {
            Add(value);
        }
    }

    private void Add(DescriptorBase descriptor)
    {
        if (descriptor.Declaration?.LeadingComments is { Length: > 0 } text)
        {
            var paragraphs = text.Split("\n\n").Select(p => string.Join(' ', p.Split('\n').Select(l => l.Trim())));
            comments[descriptor.FullName] = string.Join('\n', paragraphs).Trim();
        }
    }
}
