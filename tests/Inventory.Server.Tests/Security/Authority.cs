using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Inventory.Testing;

namespace Inventory.Server.Tests.Security;

/// <summary>A certificate authority of its own.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly Oid ClientPurpose = new("1.3.6.1.5.5.7.3.2");
    private static readonly Oid ServerPurpose = new("1.3.6.1.5.5.7.3.1");

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 certificate;

    internal Authority()
    {
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        certificate = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
        File = Scratch.NewPath("authority");
        System.IO.File.WriteAllText(File, certificate.ExportCertificatePem());
    }

    /// <summary>Its certificate, PEM.</summary>
    internal string File { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose()
    {
        System.IO.File.Delete(File);
        certificate.Dispose();
        key.Dispose();
    }

    /// <summary>A certificate with these names, for a client unless it is for a server.</summary>
    internal X509Certificate2 Sign(
        IEnumerable<string> dns,
        IEnumerable<string>? uris = null,
        bool forServer = false,
        bool expired = false
    )
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=someone", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in dns)
        {
            names.AddDnsName(name);
        }

        foreach (var uri in uris ?? [])
        {
            names.AddUri(new(uri));
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([forServer ? ServerPurpose : ClientPurpose], critical: false)
        );
        var until = expired ? Now.AddHours(-1) : Now.AddDays(1);
        using var signed = request.Create(certificate, Now.AddDays(-1), until, Guid.NewGuid().ToByteArray());
        using var whole = signed.CopyWithPrivateKey(own);
        // A handshake takes no key that was only made in memory, on some systems.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
