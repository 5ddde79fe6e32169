using System.Security.Cryptography;

namespace Inventory.Server.Security.Tokens;

/// <summary>A public key of the issuer. It has one algorithm, which no token can change.</summary>
internal sealed class SigningKey
{
    public const string Rs256 = "RS256";
    public const string Es256 = "ES256";

    /// <summary>Of ES256: r and s, 32 bytes each (RFC 7518, 3.4). DER is another text for the same signature.</summary>
    private const int Es256SignatureBytes = 64;

    private readonly RSAParameters rsa;
    private readonly ECParameters ec;

    /// <exception cref="CryptographicException">It is no key.</exception>
    public SigningKey(string? keyId, RSAParameters parameters)
    {
        (KeyId, Algorithm, rsa) = (keyId, Rs256, parameters);
        using var imported = RSA.Create(parameters);
    }

    /// <exception cref="CryptographicException">It is no key: the point must be on the curve.</exception>
    public SigningKey(string? keyId, ECParameters parameters)
    {
        (KeyId, Algorithm, ec) = (keyId, Es256, parameters);
        using var imported = ECDsa.Create(parameters);
    }

    public string? KeyId { get; }

    public string Algorithm { get; }

    /// <summary>Ends when the issuer publishes it no more.</summary>
    public Standing Standing { get; } = new();

    public bool IsSameAs(SigningKey other) =>
        KeyId == other.KeyId
        && Algorithm == other.Algorithm
        && (
            Algorithm == Rs256
                ? rsa.Modulus.AsSpan().SequenceEqual(other.rsa.Modulus)
                    && rsa.Exponent.AsSpan().SequenceEqual(other.rsa.Exponent)
                : ec.Q.X.AsSpan().SequenceEqual(other.ec.Q.X) && ec.Q.Y.AsSpan().SequenceEqual(other.ec.Q.Y)
        );

    /// <summary>
    /// A key object is made for each: they are not made for many threads, and a token is judged once in its life.
    /// </summary>
    public bool Verifies(byte[] signed, byte[] signature)
    {
        if (Algorithm == Rs256)
        {
            using var key = RSA.Create(rsa);
            return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        if (signature.Length != Es256SignatureBytes)
        {
            return false;
        }

        using var curve = ECDsa.Create(ec);
        return curve.VerifyData(
            signed,
            signature,
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
    }
}
