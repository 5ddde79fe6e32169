using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>What some compiled assemblies offer to others: their public types and the members within reach.</summary>
internal sealed class ApiSurface
{
    private readonly Dictionary<(string Assembly, string Type), HashSet<string>> members = [];

    public ApiSurface(params Assembly[] assemblies)
    {
        foreach (var assembly in assemblies)
            Read(assembly.GetName().Name!, assembly.Location);
    }

    public bool Has(ApiReference reference) =>
        members.TryGetValue((reference.Assembly, reference.Type), out var ofType)
        && (reference.Member is null || ofType.Contains(reference.Member));

    private void Read(string assembly, string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        foreach (var handle in reader.TypeDefinitions)
            if (IsPublic(reader, handle))
                members[(assembly, SignatureNames.FullName(reader, handle))] = [.. MembersOf(reader, handle)];
    }

    private static bool IsPublic(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsPublic(
                reader,
                type.GetDeclaringType()
            ),
            _ => false,
        };
    }

    private static IEnumerable<string> MembersOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
            if (IsReachable((int)(method.Attributes & MethodAttributes.MemberAccessMask)))
                yield return SignatureNames.Method(
                    reader.GetString(method.Name),
                    method.DecodeSignature(SignatureNames.Instance, null)
                );
        foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
            if (IsReachable((int)(field.Attributes & FieldAttributes.FieldAccessMask)))
                yield return SignatureNames.Field(
                    reader.GetString(field.Name),
                    field.DecodeSignature(SignatureNames.Instance, null)
                );
    }

    // Fields and methods number their access alike.
    private static bool IsReachable(int access) =>
        (MethodAttributes)access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;
}
