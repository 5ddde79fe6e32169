using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Inventory.Server.Security.Certificates;

/// <summary>The names in a certificate's subjectAltName (RFC 5280, 4.2.1.6) that services go by: DNS and URI.</summary>
internal static class SubjectNames
{
    private const string Extension = "2.5.29.17";
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <returns>Each with <c>dns:</c> or <c>uri:</c> before it; DNS names in small letters.</returns>
    /// <exception cref="AsnContentException">The extension is malformed.</exception>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == Extension))
        {
            var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            while (sequence.HasData)
            {
                var tag = sequence.PeekTag();
                if (tag.HasSameClassAndValue(Dns))
                {
                    var name = sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                    names.Add($"dns:{name.ToLowerInvariant()}");
                }
                else if (tag.HasSameClassAndValue(Uri))
                {
                    names.Add($"uri:{sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)}");
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }

        return names;
    }
}
