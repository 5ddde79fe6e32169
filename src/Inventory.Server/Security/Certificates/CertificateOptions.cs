using System.Security.Cryptography;
using Inventory.Server.Hosting;

namespace Inventory.Server.Security.Certificates;

/// <summary>Whose client certificates are believed, and what their holders may do.</summary>
public sealed record CertificateOptions
{
    /// <summary>PEM of the authorities that sign them; the system's own are never asked.</summary>
    public required string AuthoritiesFile { get; init; }

    /// <summary>The names that may call (<see cref="AllowedNames"/>); null: certificates only bind tokens.</summary>
    public required string? NamesFile { get; init; }

    /// <returns>Null: no client is asked for a certificate.</returns>
    internal static CertificateOptions? Read(SettingReader reader)
    {
        var names = reader.Text(Setting.TlsClients);
        if (reader.Text(Setting.TlsClientAuthorities) is not { } authorities)
        {
            if (names is not null)
            {
                reader.Wrong(Setting.TlsClients, $"goes with {Setting.TlsClientAuthorities.Key}, which is missing");
            }

            return null;
        }

        if (reader.Text(Setting.TlsCertificate) is null)
        {
            reader.Wrong(
                Setting.TlsClientAuthorities,
                $"goes with {Setting.TlsCertificate.Key}, which is missing: in clear text nobody shows a certificate"
            );
        }

        var options = new CertificateOptions { AuthoritiesFile = authorities, NamesFile = names };
        Try(reader, Setting.TlsClientAuthorities, authorities, () => ClientCertificates.LoadAuthorities(authorities));
        if (names is not null)
        {
            Try(reader, Setting.TlsClients, names, () => AllowedNames.Load(names));
        }

        return options;
    }

    private static void Try(SettingReader reader, Setting setting, string path, Action load)
    {
        try
        {
            load();
        }
        catch (Exception wrong)
            when (wrong is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            reader.Wrong(setting, $"is '{path}', which cannot be used: {wrong.Message}");
        }
    }
}
