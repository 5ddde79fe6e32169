using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Inventory.Server.Security.Certificates;
using Inventory.Server.Security.Rates;
using Inventory.Server.Security.Sessions;
using Inventory.Server.Security.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Inventory.Server.Hosting;

/// <summary>
/// Two ports: gRPC speaks HTTP/2, and in clear text a port that is shared with HTTP/1.1 cannot negotiate. By TLS it can
/// (ALPN): then either port serves both.
/// </summary>
internal static class KestrelSetup
{
    private const int KiB = 1024;

    public static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        // For what sets no limit of its own, as gRPC and REST do for each service.
        kestrel.Limits.MaxRequestBodySize = 1024 * KiB;
        kestrel.Limits.MaxConcurrentConnections = options.Connections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.Http2Streams;
        // A stream's window holds the largest message that any call takes; a connection's bounds what one client may
        // have unread.
        kestrel.Limits.Http2.InitialStreamWindowSize = 512 * KiB;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * KiB;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = 16 * KiB;
        // A client that vanished without a FIN is noticed, and its calls are cancelled.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        var peers = new PeerConnections(options.PeerConnections);
        kestrel.Listen(options.Listen, options.GrpcPort, port => Speak(port, options, HttpProtocols.Http2, peers));
        kestrel.Listen(
            options.Listen,
            options.HttpPort,
            port =>
            {
                port.Use(next =>
                    connection =>
                    {
                        connection.Features.Set(PagePort.Mark);
                        return next(connection);
                    }
                );
                Speak(port, options, HttpProtocols.Http1, peers);
            }
        );
    }

    private static void Speak(
        ListenOptions port,
        ServerOptions options,
        HttpProtocols inClearText,
        PeerConnections peers
    )
    {
        // Before the handshake, which costs more than all else.
        port.Use(next => connection => peers.RunAsync(connection, next));
        if (options.Tls is null)
        {
            port.Protocols = inClearText;
            return;
        }

        port.Protocols = HttpProtocols.Http1AndHttp2;
        var certificate = port.ApplicationServices.GetRequiredService<TlsCertificate>();
        var clients = port.ApplicationServices.GetService<ClientCertificates>();
        port.UseHttps(
            new TlsHandshakeCallbackOptions
            {
                OnConnection = _ =>
                    new(
                        new SslServerAuthenticationOptions
                        {
                            ServerCertificateContext = certificate.Context,
                            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                            AllowRenegotiation = false,
                            // Asked for, and not insisted on: others come with tokens. One that is shown must be good.
                            ClientCertificateRequired = clients is not null,
                            RemoteCertificateValidationCallback = clients is null
                                ? null
                                : (_, shown, chain, _) =>
                                    shown is null
                                    || clients.IsTrusted((X509Certificate2)shown, chain?.ChainPolicy.ExtraStore),
                        }
                    ),
            }
        );
    }
}
