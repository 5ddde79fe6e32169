using System.Security.Cryptography;
using Inventory.Server.Hosting;

namespace Inventory.Server.Security.Transport;

/// <summary>Where the server's certificate and its key lie.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM with the certificate and what stands between it and its root; or PKCS#12.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM of the private key; null: it is in the same file.</summary>
    public required string? KeyFile { get; init; }

    /// <summary>A file with the password of the key; null: it has none.</summary>
    public required string? PasswordFile { get; init; }

    /// <returns>Null: there is no certificate, and the ports speak clear text.</returns>
    internal static TlsOptions? Read(SettingReader reader)
    {
        if (reader.Text(Setting.TlsCertificate) is not { } certificate)
        {
            foreach (var alone in (Setting[])[Setting.TlsKey, Setting.TlsPasswordFile])
            {
                if (reader.Text(alone) is not null)
                {
                    reader.Wrong(alone, $"goes with {Setting.TlsCertificate.Key}, which is missing");
                }
            }

            return null;
        }

        var options = new TlsOptions
        {
            CertificateFile = certificate,
            KeyFile = reader.Text(Setting.TlsKey),
            PasswordFile = reader.Text(Setting.TlsPasswordFile),
        };
        try
        {
            TlsCertificate.Load(options).Dispose();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            reader.Wrong(Setting.TlsCertificate, $"is '{certificate}', which cannot be used: {wrong.Message}");
        }

        return options;
    }
}
