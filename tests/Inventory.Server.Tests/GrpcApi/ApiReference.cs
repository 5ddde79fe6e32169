using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>A type of another assembly, or one of its members, that a compiled assembly refers to.</summary>
/// <param name="Assembly">The assembly that is to have it.</param>
/// <param name="Type">The full name of the type.</param>
/// <param name="Member">The member and its signature; null for the type itself.</param>
internal sealed record ApiReference(string Assembly, string Type, string? Member)
{
    /// <summary>Every reference of one compiled assembly.</summary>
    public static IReadOnlyList<ApiReference> ReadAll(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var found = new List<ApiReference>();
        foreach (var handle in reader.TypeReferences)
            if (AssemblyOf(reader, handle) is { } assembly)
                found.Add(new ApiReference(assembly, SignatureNames.FullName(reader, handle), null));
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (ParentOf(reader, member) is { } parent && AssemblyOf(reader, parent) is { } assembly)
                found.Add(
                    new ApiReference(assembly, SignatureNames.FullName(reader, parent), Signature(reader, member))
                );
        }
        return found;
    }

    public override string ToString() => Member is null ? $"{Type} of {Assembly}" : $"{Type}: {Member} of {Assembly}";

    private static string Signature(MetadataReader reader, MemberReference member)
    {
        var name = reader.GetString(member.Name);
        return member.GetKind() == MemberReferenceKind.Field
            ? SignatureNames.Field(name, member.DecodeFieldSignature(SignatureNames.Instance, null))
            : SignatureNames.Method(name, member.DecodeMethodSignature(SignatureNames.Instance, null));
    }

    private static TypeReferenceHandle? ParentOf(MetadataReader reader, MemberReference member) =>
        member.Parent.Kind switch
        {
            HandleKind.TypeReference => (TypeReferenceHandle)member.Parent,
            HandleKind.TypeSpecification => GenericTypeOf(reader, (TypeSpecificationHandle)member.Parent),
            _ => null,
        };

    // A generic instance is stored as: that it is one, class or value type, then the type itself.
    private static TypeReferenceHandle? GenericTypeOf(MetadataReader reader, TypeSpecificationHandle handle)
    {
        var blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadByte();
        var type = blob.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)type : null;
    }

    private static string? AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => reader.GetString(
                reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name
            ),
            _ => null,
        };
    }
}
