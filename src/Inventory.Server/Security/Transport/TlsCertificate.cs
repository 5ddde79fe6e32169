using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Inventory.Server.Security.Transport;

/// <summary>
/// The certificate as its files have it now. Whoever renews it replaces the files: they are looked at every few
/// seconds, and a pair that does not fit together, as in the middle of a renewal, changes nothing.
/// </summary>
internal sealed class TlsCertificate(TlsOptions options, ILogger<TlsCertificate> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private volatile Loaded current = Load(options);

    /// <summary>What a handshake needs: the certificate, and what stands between it and its root.</summary>
    internal sealed record Loaded(SslStreamCertificateContext Context, string Thumbprint) : IDisposable
    {
        public void Dispose() => Context.TargetCertificate.Dispose();
    }

    public SslStreamCertificateContext Context => current.Context;

    /// <exception cref="CryptographicException">The files hold no certificate with its private key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Loaded Load(TlsOptions options)
    {
        var all = new X509Certificate2Collection();
        var password = options.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
        X509Certificate2 own;
        if (X509Certificate2.GetCertContentType(options.CertificateFile) == X509ContentType.Pkcs12)
        {
            all = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.CertificateFile, password);
            own =
                all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
        }
        else
        {
            all.ImportFromPemFile(options.CertificateFile);
            var key = options.KeyFile ?? options.CertificateFile;
            own = password is null
                ? X509Certificate2.CreateFromPemFile(options.CertificateFile, key)
                : X509Certificate2.CreateFromEncryptedPemFile(options.CertificateFile, password, key);
        }

        all.Remove(own);
        // Offline: nobody is asked over the network for what is missing.
        return new(SslStreamCertificateContext.Create(own, all, offline: true), own.Thumbprint);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private void Look()
    {
        try
        {
            var read = Load(options);
            if (read.Thumbprint == current.Thumbprint)
            {
                read.Dispose();
                return;
            }

            // The old one is not disposed: a handshake may be in the middle of it.
            current = read;
            logger.CertificateRead(read.Context.TargetCertificate.Subject, read.Context.TargetCertificate.NotAfter);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            logger.CertificateUnreadable(wrong.Message);
        }
    }
}
