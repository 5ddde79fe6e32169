using System.Buffers.Text;
using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Inventory.Server.Security.Rates;

namespace Inventory.Server.Security.Certificates;

/// <summary>
/// Judges the certificates that clients show: in the handshake whether one of the authorities has signed it for a
/// client, and with a call who its holder is. Both files are looked at every few seconds; what cannot be read changes
/// nothing, and a name that is gone is believed no more, on connections that stand too.
/// </summary>
internal sealed class ClientCertificates(
    CertificateOptions options,
    RateLimits rates,
    TimeProvider time,
    ILogger<ClientCertificates> logger
) : BackgroundService
{
    /// <summary>Before a name; no token and no API key can take it.</summary>
    private const string NamePrefix = "cert:";

    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    // A connection has one object for its certificate, as long as it stands.
    private readonly ConditionalWeakTable<X509Certificate2, Shown> shown = [];
    private volatile X509Certificate2Collection authorities = LoadAuthorities(options.AuthoritiesFile);
    private volatile FrozenDictionary<string, Allowed> allowed = FrozenDictionary<string, Allowed>.Empty;

    private sealed record Allowed(string Text, Grant Grant, Standing Standing);

    private sealed record Shown(string Thumbprint, IReadOnlyList<string> Names)
    {
        /// <summary>As judged last.</summary>
        public Caller? Caller { get; set; }
    }

    /// <exception cref="CryptographicException">The file holds no certificate, or one that is no authority.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static X509Certificate2Collection LoadAuthorities(string path)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(path);
        if (all.Count == 0)
        {
            throw new CryptographicException("it holds no certificate");
        }

        foreach (var one in all)
        {
            if (one.Extensions.OfType<X509BasicConstraintsExtension>().All(e => !e.CertificateAuthority))
            {
                throw new CryptographicException($"{one.Subject} is no certificate authority");
            }
        }

        return all;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Replace(options.NamesFile is { } file ? AllowedNames.Load(file) : FrozenDictionary<string, string>.Empty);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// In the handshake. Nobody is asked over the network, neither for certificates nor for revocations.
    /// </summary>
    /// <param name="certificate">The client's.</param>
    /// <param name="sent">What it sent to lead to its authority.</param>
    public bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection? sent)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(sent ?? []);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(ClientPurpose));
        return chain.Build(certificate);
    }

    /// <summary>Who calls on a connection with this certificate.</summary>
    /// <returns>None: it names nobody who may call.</returns>
    public Caller? Find(X509Certificate2 certificate)
    {
        var one = shown.GetValue(certificate, Read);
        if (one.Caller is { } known && known.IsCurrent(time.GetUtcNow()))
        {
            return known;
        }

        // Two names that may call would be two callers.
        var found = one.Names.Where(allowed.ContainsKey).Distinct().ToList();
        if (found is not [var name] || !allowed.TryGetValue(name, out var entry))
        {
            return null;
        }

        var caller = new Caller
        {
            Name = NamePrefix + name,
            Scopes = entry.Grant.Scopes,
            Warehouses = entry.Grant.Warehouses,
            LapsesAt = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
            Standing = entry.Standing,
            Bucket = rates.OfCaller(NamePrefix + name),
        };
        one.Caller = caller;
        return caller.IsCurrent(time.GetUtcNow()) ? caller : null;
    }

    /// <summary>Whether this is the certificate that a token is bound to (RFC 8705, 3.1).</summary>
    public bool Is(X509Certificate2? certificate, string thumbprint) =>
        certificate is not null && shown.GetValue(certificate, Read).Thumbprint == thumbprint;

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

    private static Shown Read(X509Certificate2 certificate)
    {
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
        try
        {
            return new(thumbprint, SubjectNames.Of(certificate));
        }
        catch (AsnContentException)
        {
            return new(thumbprint, []);
        }
    }

    private void Look()
    {
        try
        {
            authorities = LoadAuthorities(options.AuthoritiesFile);
            if (options.NamesFile is { } file)
            {
                Replace(AllowedNames.Load(file));
            }
        }
        catch (Exception wrong)
            when (wrong is IOException or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            logger.ClientsUnreadable(wrong.Message);
        }
    }

    /// <summary>Who may do something else now is judged anew; who is there as before stays as they are.</summary>
    private void Replace(IReadOnlyDictionary<string, string> names)
    {
        var old = allowed;
        var now = names.ToFrozenDictionary(
            n => n.Key,
            n =>
                old.TryGetValue(n.Key, out var same) && same.Text == n.Value
                    ? same
                    : new Allowed(n.Value, AllowedNames.ToGrant(n.Value), new Standing()),
            StringComparer.Ordinal
        );
        allowed = now;
        foreach (var (name, before) in old)
        {
            if (!now.TryGetValue(name, out var entry) || !ReferenceEquals(entry, before))
            {
                before.Standing.End();
            }
        }
    }
}
