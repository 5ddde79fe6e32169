using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using Inventory.Server.Hosting;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security;

/// <summary>Services that call by certificate, and tokens that are bound to one.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ClientCertificateTests : ServerFixture
{
    private const string Orders = "orders.shop.internal";
    private const string Clerk = "spiffe://shop/pos/12";

    private readonly Authority ours = new();
    private readonly Authority theirs = new();
    private readonly Issuer issuer = Issuer.Publish();
    private readonly string names = Scratch.NewPath("names");
    private readonly string certificate = Scratch.NewPath("certificate");

    protected override async Task<HostedServer> StartServerAsync(TestDatabase fresh)
    {
        using var own = ours.Sign(["localhost"], forServer: true);
        await File.WriteAllTextAsync(
            certificate,
            own.ExportCertificatePem() + "\n" + own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()
        );
        await File.WriteAllTextAsync(
            names,
            $"""
            # who may call
            dns:ORDERS.shop.internal   order_service
            uri:{Clerk}   warehouse_manager   {Given.MainWarehouse}
            dns:leaving.shop.internal  viewer
            """
        );
        return await HostedServer.StartAsync(
            fresh.ConnectionString,
            [
                .. issuer.Settings,
                (Setting.TlsCertificate, certificate),
                (Setting.TlsClientAuthorities, ours.File),
                (Setting.TlsClients, names),
                (Setting.StrangerRate, "1000000"),
            ]
        );
    }

    [OneTimeTearDown]
    public void Forget()
    {
        ours.Dispose();
        theirs.Dispose();
        issuer.Dispose();
        File.Delete(names);
        File.Delete(certificate);
    }

    [Test]
    public async Task A_name_that_is_allowed_calls_as_itself_with_what_it_is_allowed()
    {
        var sku = await Given.Stock(onHand: 5);
        using var orders = Channel(ours.Sign(["else.where", Orders]));
        using var clerk = Channel(ours.Sign([], [Clerk]));

        var held = await new ReservationService.ReservationServiceClient(orders).ReserveInventoryAsync(Order(sku));
        var refused = await Refusal(new StockService.StockServiceClient(orders), sku);
        await Add(clerk, sku, Given.MainWarehouse);
        var other = await Given.Warehouse();
        var elsewhere = await Thrown(() => Add(clerk, sku, other));

        Assert.That(held.Reservation.Caller, Is.EqualTo($"cert:dns:{Orders}"));
        Assert.That((refused.Code, refused.Reason), Is.EqualTo((StatusCode.PermissionDenied, "SCOPE_MISSING")));
        Assert.That(new Refusal(elsewhere).Reason, Is.EqualTo("WAREHOUSE_NOT_PERMITTED"));
    }

    [Test]
    public async Task A_name_that_is_not_allowed_and_two_that_are_call_as_nobody()
    {
        foreach (var unknown in new[] { ours.Sign(["nobody.shop.internal"]), ours.Sign([Orders], [Clerk]) })
        {
            using var channel = Channel(unknown);
            var refused = await Refusal(new StockService.StockServiceClient(channel), "any");

            Assert.That(
                (refused.Code, refused.Reason),
                Is.EqualTo((StatusCode.Unauthenticated, "CREDENTIALS_MISSING"))
            );
        }
    }

    [Test]
    public async Task A_certificate_that_is_not_good_gets_no_connection()
    {
        X509Certificate2[] bad =
        [
            theirs.Sign([Orders]),
            ours.Sign([Orders], expired: true),
            ours.Sign([Orders], forServer: true),
        ];
        foreach (var certificate in bad)
        {
            using var channel = Channel(certificate);
            var refused = await Thrown(() =>
                new StockService.StockServiceClient(channel).ListInventoryAsync(new()).ResponseAsync
            );

            // Under TLS 1.3 the client hears of it where it writes or where it reads, and has a name for each.
            // No server's answer has a cause on this side.
            Assert.That(refused.StatusCode, Is.AnyOf(StatusCode.Unavailable, StatusCode.Internal));
            Assert.That(refused.Status.DebugException, Is.Not.Null);
        }
    }

    [Test]
    public async Task Without_a_certificate_a_token_serves_as_ever_and_nothing_does_not()
    {
        using var channel = Channel(null);
        var stock = new StockService.StockServiceClient(channel);

        await stock.ListInventoryAsync(new(), Bearing(issuer.Token(scope: "stock.read")));
        var refused = await Refusal(stock, "any");

        Assert.That(refused.Reason, Is.EqualTo("CREDENTIALS_MISSING"));
    }

    [Test]
    public async Task A_token_that_is_bound_serves_with_its_certificate_and_with_no_other()
    {
        var own = ours.Sign(["somebody.shop.internal"]);
        var bound = issuer.Token(
            scope: "stock.read",
            change: c => c["cnf"] = new JsonObject { ["x5t#S256"] = Thumbprint(own) }
        );
        using var right = Channel(own);
        using var other = Channel(ours.Sign([Orders]));
        using var none = Channel(null);

        for (var i = 0; i < 2; i++)
        {
            await new StockService.StockServiceClient(right).ListInventoryAsync(new(), Bearing(bound));
            foreach (var thief in new[] { other, none })
            {
                var refused = await Refusal(new StockService.StockServiceClient(thief), "any", Bearing(bound));
                Assert.That(refused.Reason, Is.EqualTo("CREDENTIALS_INVALID"));
            }
        }
    }

    [Test]
    public async Task A_name_that_is_taken_away_is_believed_no_more_on_connections_that_stand()
    {
        using var leaving = Channel(ours.Sign(["leaving.shop.internal"]));
        var stock = new StockService.StockServiceClient(leaving);
        await stock.ListInventoryAsync(new());

        var before = await File.ReadAllTextAsync(names);
        await File.WriteAllTextAsync(names, before.Replace("dns:leaving", "# dns:leaving"));
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await stock.ListInventoryAsync(new());
                return false;
            }
            catch (RpcException e)
            {
                return e.StatusCode == StatusCode.Unauthenticated;
            }
        });
        await File.WriteAllTextAsync(names, "nonsense");
        await Eventually.TrueAsync(() =>
            Server.Log.Entries.Any(e => e.Text.Contains("names cannot be read again", StringComparison.Ordinal))
        );
        using var orders = Channel(ours.Sign([Orders]));

        await new StockService.StockServiceClient(orders).ListInventoryAsync(new());
    }

    private GrpcChannel Channel(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, c, _, _) => c?.Issuer == "CN=authority";
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return GrpcChannel.ForAddress(Server.Ports.Grpc, new() { HttpHandler = handler, DisposeHttpClient = true });
    }

    private static async Task<RpcException> Thrown(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException e)
        {
            return e;
        }

        throw new AssertionException("Nothing was thrown.");
    }

    private static async Task Add(GrpcChannel channel, string sku, string warehouse) =>
        await new StockService.StockServiceClient(channel).AddInventoryToLocationAsync(
            new()
            {
                Sku = sku,
                Warehouse = warehouse,
                Quantity = 1,
            }
        );

    /// <summary>Of an addition, which is for few.</summary>
    private static async Task<Refusal> Refusal(
        StockService.StockServiceClient stock,
        string sku,
        Metadata? headers = null
    )
    {
        var refused = await Thrown(() =>
            stock
                .AddInventoryToLocationAsync(
                    new()
                    {
                        Sku = sku,
                        Warehouse = Given.MainWarehouse,
                        Quantity = 1,
                    },
                    headers
                )
                .ResponseAsync
        );
        return new(refused);
    }

    private static Metadata Bearing(string token) => new() { { "authorization", $"Bearer {token}" } };

    private static string Thumbprint(X509Certificate2 certificate) =>
        Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
}
