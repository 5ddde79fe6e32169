using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security.Sessions;

/// <summary>With TLS both ports speak both kinds of HTTP, and a cookie serves on one of them only.</summary>
public sealed class TlsSessionTests : SessionFixture
{
    private readonly string certificate = Scratch.NewPath("p12");

    protected override async Task<HostedServer> StartServerAsync(TestDatabase fresh)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=sessions", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllBytesAsync(certificate, made.Export(X509ContentType.Pkcs12));
        return await AnotherServer(fresh, (Setting.TlsCertificate, certificate));
    }

    [OneTimeTearDown]
    public void RemoveFile() => File.Delete(certificate);

    [Test]
    public async Task A_cookie_is_bound_to_TLS_and_to_the_host_and_the_port_of_gRPC_takes_none()
    {
        var name = await GivenUser();
        var cookies = new CookieContainer();
        using var http = Trusting(cookies);
        using var body = new StringContent(Body(name, Password), Encoding.UTF8, "application/json");
        using var signIn = await http.PostAsync(At(Server.Ports.Http, "/session"), body);
        var set = string.Join('\n', signIn.Headers.GetValues("Set-Cookie"));
        var header = cookies.GetCookieHeader(At(Server.Ports.Http, "/"));

        using var here = await Get(Server.Ports.Http, header);
        using var there = await Get(Server.Ports.Grpc, header);
        using var again = new StringContent(Body(name, Password), Encoding.UTF8, "application/json");
        using var other = await http.PostAsync(At(Server.Ports.Grpc, "/session"), again);

        Assert.That(signIn.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(set.Split("__Host-"), Has.Length.EqualTo(3));
        Assert.That(set.Split("; secure"), Has.Length.EqualTo(3));
        Assert.That(here.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(there.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static async Task<HttpResponseMessage> Get(string port, string cookie)
    {
        using var http = Trusting(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, At(port, "/v1/inventory"));
        request.Headers.Add("Cookie", cookie);
        return await http.SendAsync(request);
    }

    private static Uri At(string port, string path) => new(new Uri(port), path);

    private static HttpClient Trusting(CookieContainer? cookies) =>
        new(
            new SocketsHttpHandler
            {
                UseCookies = cookies is not null,
                CookieContainer = cookies ?? new(),
                SslOptions = new()
                {
                    // Signed by itself, it has no name but ours to be judged by.
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=sessions",
                },
            }
        );
}
