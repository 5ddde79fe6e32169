using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>A server with a certificate of its own: both ports speak TLS, HTTP/2 and HTTP/1.1.</summary>
public sealed class TransportTests : ServerFixture
{
    private readonly string certificateFile = Scratch.NewPath("certificate");
    private readonly string keyFile = Scratch.NewPath("key");

    protected override Task<HostedServer> StartServerAsync(TestDatabase fresh)
    {
        Renew("first");
        return HostedServer.StartAsync(
            fresh.ConnectionString,
            (Setting.TlsCertificate, certificateFile),
            (Setting.TlsKey, keyFile)
        );
    }

    [OneTimeTearDown]
    public void RemoveFiles()
    {
        File.Delete(certificateFile);
        File.Delete(keyFile);
    }

    [Test]
    public async Task Either_port_speaks_gRPC_and_both_kinds_of_HTTP()
    {
        var sku = await Given.Stock(onHand: 5);
        foreach (var port in (string[])[Server.Ports.Grpc, Server.Ports.Http])
        {
            Assert.That(port, Does.StartWith("https://"));
            using var channel = GrpcChannel.ForAddress(
                port,
                new() { HttpHandler = Trusting(), DisposeHttpClient = true }
            );
            var held = await new ReservationService.ReservationServiceClient(channel).ReserveInventoryAsync(Order(sku));
            var (first, second) = (await Get(port, HttpVersion.Version11), await Get(port, HttpVersion.Version20));

            Assert.That(held.Reservation.State, Is.EqualTo(ReservationState.Held));
            Assert.That((first.StatusCode, first.Version), Is.EqualTo((HttpStatusCode.OK, HttpVersion.Version11)));
            Assert.That((second.StatusCode, second.Version), Is.EqualTo((HttpStatusCode.OK, HttpVersion.Version20)));
        }
    }

    [Test]
    public async Task Answers_tell_browsers_to_come_by_TLS_only_and_to_guess_nothing()
    {
        using var answer = await Get(Server.Ports.Http, HttpVersion.Version20);

        Assert.That(answer.Headers.GetValues("Strict-Transport-Security"), Is.EqualTo(new[] { "max-age=31536000" }));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(answer.Headers.GetValues("X-Frame-Options"), Is.EqualTo(new[] { "DENY" }));
    }

    [Test]
    public async Task A_certificate_that_is_renewed_is_shown_without_a_restart_and_a_broken_one_changes_nothing()
    {
        var name = $"renewed-{Guid.NewGuid():n}";

        Renew(name);
        await Eventually.TrueAsync(async () => await Shown() == $"CN={name}");
        await File.WriteAllTextAsync(certificateFile, "no certificate");
        await Eventually.TrueAsync(() =>
            Server.Log.Entries.Any(e => e.Text.Contains("cannot be read again", StringComparison.Ordinal))
        );

        Assert.That(await Shown(), Is.EqualTo($"CN={name}"));
        Renew("first");
    }

    [Test]
    public async Task Clear_text_is_not_understood()
    {
        using var http = new HttpClient();
        var clear = new UriBuilder(Server.Ports.Http) { Scheme = "http", Path = "/alive" }.Uri;

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(clear));
    }

    [Test]
    public async Task A_certificate_may_come_as_PKCS12_with_its_password_in_a_file()
    {
        var (packed, password) = (Scratch.NewPath("p12"), Scratch.NewPath("password"));
        using var made = Make("packed");
        await File.WriteAllBytesAsync(packed, made.Export(X509ContentType.Pkcs12, "secret"));
        await File.WriteAllTextAsync(password, "secret\n");

        await using var server = await HostedServer.StartAsync(
            Database.ConnectionString,
            (Setting.TlsCertificate, packed),
            (Setting.TlsPasswordFile, password)
        );
        using var answer = await Get(server.Ports.Http, HttpVersion.Version11);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        File.Delete(packed);
        File.Delete(password);
    }

    private void Renew(string name)
    {
        using var made = Make(name);
        using var key = made.GetECDsaPrivateKey()!;
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, made.ExportCertificatePem());
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-1),
            now.AddDays(1)
        );
    }

    private static SocketsHttpHandler Trusting(Action<X509Certificate?>? seen = null) =>
        new()
        {
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    seen?.Invoke(certificate);
                    // Signed by itself, it has no name but ours to be judged by.
                    return certificate?.Subject.StartsWith("CN=", StringComparison.Ordinal) == true;
                },
            },
        };

    private static async Task<HttpResponseMessage> Get(string port, Version version)
    {
        using var http = new HttpClient(Trusting());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(port), "/v1/inventory"))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await http.SendAsync(request);
    }

    private async Task<string?> Shown()
    {
        string? subject = null;
        using var http = new HttpClient(Trusting(c => subject = c?.Subject));
        using var answer = await http.GetAsync(new Uri(new Uri(Server.Ports.Http), "/alive"));
        return subject;
    }
}
