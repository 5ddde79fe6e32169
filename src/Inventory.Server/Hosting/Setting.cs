using Inventory.Server.Alerts;

namespace Inventory.Server.Hosting;

/// <summary>One thing that the server can be told, by an environment variable or an option.</summary>
/// <param name="Key">The environment variable.</param>
/// <param name="Option">The command line option; its value follows it.</param>
/// <param name="Meaning">For people, with unit, limits and what holds when it is not set.</param>
public sealed partial record Setting(string Key, string Option, string Meaning)
{
    public static readonly Setting Listen = new(
        "INVENTORY_LISTEN",
        "--listen",
        "IP address to listen on (127.0.0.1); 0.0.0.0 for every interface"
    );

    public static readonly Setting GrpcPort = new(
        "INVENTORY_GRPC_PORT",
        "--grpc-port",
        "port of gRPC, HTTP/2 in clear text (5080); 0 takes a free one"
    );

    public static readonly Setting HttpPort = new(
        "INVENTORY_HTTP_PORT",
        "--http-port",
        "port of REST, CSV, /health, /alive and /metrics, HTTP/1.1 (5081); 0 takes a free one"
    );

    public static readonly Setting Database = new(
        "ConnectionStrings__Inventory",
        "--database",
        "PostgreSQL connection string; in Development a private server is started without it"
    );

    public static readonly Setting Redis = new(
        "ConnectionStrings__Redis",
        "--redis",
        "Redis connection string; without it, in Development a private server, otherwise reads go to PostgreSQL"
    );

    public static readonly Setting Data = new(
        "INVENTORY_DATA",
        "--data",
        "folder of the private servers (/var/lib/inventory-grpc for root, else under the user's state directory)"
    );

    public static readonly Setting DemoItems = new(
        "INVENTORY_DEMO_ITEMS",
        "--items",
        "demo items that there shall be, in Development only, 0 to 9,999,999 (2,000 where there is no item at all)"
    );

    public static readonly Setting Http2Streams = new(
        "INVENTORY_HTTP2_STREAMS",
        "--http2-streams",
        "calls at once on one connection, 1 to 100,000 (256)"
    );

    public static readonly Setting Connections = new(
        "INVENTORY_CONNECTIONS",
        "--connections",
        "connections at once, 1 to 1,000,000 (10,000); one more is closed"
    );

    public static readonly Setting PeerConnections = new(
        "INVENTORY_PEER_CONNECTIONS",
        "--peer-connections",
        "connections at once from one address, 1 to 1,000,000; 0 for no limit (1,000)"
    );

    public static readonly Setting Lanes = new(
        "INVENTORY_LANES",
        "--lanes",
        "batches of reservations that run side by side, each on a connection of its own, 1 to 64 (2)"
    );

    public static readonly Setting BatchSize = new(
        "INVENTORY_BATCH_SIZE",
        "--batch-size",
        "the most reservations that one statement judges, 1 to 5,000 (400)"
    );

    public static readonly Setting QueueLength = new(
        "INVENTORY_QUEUE_LENGTH",
        "--queue-length",
        "reservations that wait for a batch; one more is RESOURCE_EXHAUSTED, 1 to 1,000,000 (20,000)"
    );

    public static readonly Setting OrderHolds = new(
        "INVENTORY_ORDER_HOLDS",
        "--order-holds",
        "reservations that an order may have open at once, 1 to 100,000; 0 for no limit (100)"
    );

    public static readonly Setting CallerHolds = new(
        "INVENTORY_CALLER_HOLDS",
        "--caller-holds",
        "reservations that a caller may have open at once, 1 to 10,000,000; 0 for no limit (0)"
    );

    public static readonly Setting StreamInFlight = new(
        "INVENTORY_STREAM_IN_FLIGHT",
        "--stream-in-flight",
        "requests of one ReserveInventoryStream that wait for their answer at once, 1 to 100,000 (4,096)"
    );

    public static readonly Setting BulkRows = new(
        "INVENTORY_BULK_ROWS",
        "--bulk-rows",
        "rows of one streamed bulk update or CSV import, 1 to 1,000,000 (100,000)"
    );

    public static readonly Setting ImportMegabytes = new(
        "INVENTORY_IMPORT_MIB",
        "--import-mib",
        "MiB of one CSV import, 1 to 1,024 (16)"
    );

    public static readonly Setting Currency = new(
        "INVENTORY_CURRENCY",
        "--currency",
        "ISO 4217 currency of an amount that is a bare number in JSON (EUR)"
    );

    public static readonly Setting CorsOrigins = new(
        "INVENTORY_CORS_ORIGINS",
        "--cors-origins",
        "origins whose pages may call the HTTP port, with commas between: https://shop.example (none)"
    );

    public static readonly Setting TlsCertificate = new(
        "INVENTORY_TLS_CERTIFICATE",
        "--tls-certificate",
        "file of the certificate, PEM with its chain or PKCS#12, read again when it changes; both ports then speak TLS,"
            + " HTTP/2 and HTTP/1.1 (none)"
    );

    public static readonly Setting TlsKey = new(
        "INVENTORY_TLS_KEY",
        "--tls-key",
        "PEM file of the certificate's private key, where it is not in the same file"
    );

    public static readonly Setting TlsPasswordFile = new(
        "INVENTORY_TLS_PASSWORD_FILE",
        "--tls-password-file",
        "file with the password of the private key (none)"
    );

    public static readonly Setting TlsClientAuthorities = new(
        "INVENTORY_TLS_CLIENT_CA",
        "--tls-client-ca",
        "PEM file of the authorities whose client certificates are believed, read again when it changes (none)"
    );

    public static readonly Setting TlsClients = new(
        "INVENTORY_TLS_CLIENTS",
        "--tls-clients",
        "file of the names that may call by certificate, read again when it changes: a line each, dns:<name> or"
            + " uri:<name>, scopes and roles, and perhaps warehouses (none)"
    );

    public static readonly Setting Cleartext = new(
        "INVENTORY_CLEARTEXT",
        "--cleartext",
        "on: clear text is spoken beyond this machine too, as behind a proxy that ends TLS (off)"
    );

    public static readonly Setting JwtIssuer = new(
        "INVENTORY_JWT_ISSUER",
        "--jwt-issuer",
        "the iss of tokens that are taken (none are); with it go INVENTORY_JWT_AUDIENCE and INVENTORY_JWT_KEYS"
    );

    public static readonly Setting JwtAudience = new(
        "INVENTORY_JWT_AUDIENCE",
        "--jwt-audience",
        "what the aud of a token must hold"
    );

    public static readonly Setting JwtKeys = new(
        "INVENTORY_JWT_KEYS",
        "--jwt-keys",
        "the issuer's public keys, a JSON Web Key Set: an https:// URL, or a file, which is read again when it changes"
    );

    public static readonly Setting JwtKeysSeconds = new(
        "INVENTORY_JWT_KEYS_SECONDS",
        "--jwt-keys-seconds",
        "seconds after which the URL of the keys is asked again, 10 to 86,400 (300); a key that is not known is looked"
            + " for at once"
    );

    public static readonly Setting JwtTypes = new(
        "INVENTORY_JWT_TYPES",
        "--jwt-types",
        "the typ of tokens that are taken: at+jwt, JWT, or both with a comma between (at+jwt)"
    );

    public static readonly Setting ApiKeys = new(
        "INVENTORY_API_KEYS",
        "--api-keys",
        "on: API keys are taken, which Inventory.Server keys makes (off)"
    );

    public static readonly Setting CallerRate = new(
        "INVENTORY_CALLER_RATE",
        "--caller-rate",
        "calls a second of one caller on one server, twice as many at once, 1 to 1,000,000; 0 sets no limit (0)"
    );

    public static readonly Setting StrangerRate = new(
        "INVENTORY_STRANGER_RATE",
        "--stranger-rate",
        "calls a second from one address without a credential that is believed, 1 to 1,000,000 (50)"
    );

    public static readonly Setting ServerRole = new(
        "INVENTORY_SERVER_ROLE",
        "--server-role",
        "for migrate: the database role that the server uses, which is given what it needs and no more (none)"
    );

    public static readonly Setting DrainDelay = new(
        "INVENTORY_DRAIN_DELAY_SECONDS",
        "--drain-delay",
        "seconds between NOT_SERVING and the end of listening, for balancers to notice, 0 to 300 (0)"
    );

    public static readonly Setting DrainLimit = new(
        "INVENTORY_DRAIN_SECONDS",
        "--drain",
        "seconds that calls in flight are given to finish at a stop, 1 to 3,600 (30)"
    );

    public static readonly Setting OtlpEndpoint = new(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "--otlp-endpoint",
        "URL of the OpenTelemetry collector that gets traces and metrics (none); the other OTEL_ variables hold too"
    );

    public static readonly Setting OtlpProtocol = new(
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "--otlp-protocol",
        "grpc or http/protobuf (grpc)"
    );

    public static IReadOnlyList<Setting> All =>
        [
            Listen,
            GrpcPort,
            HttpPort,
            Database,
            Redis,
            Data,
            DemoItems,
            Http2Streams,
            Connections,
            PeerConnections,
            Lanes,
            BatchSize,
            QueueLength,
            OrderHolds,
            CallerHolds,
            CallSeconds,
            VerifyAt,
            StreamInFlight,
            BulkRows,
            ImportMegabytes,
            Currency,
            CorsOrigins,
            TlsCertificate,
            TlsKey,
            TlsPasswordFile,
            TlsClientAuthorities,
            TlsClients,
            Cleartext,
            JwtIssuer,
            JwtAudience,
            JwtKeys,
            JwtKeysSeconds,
            JwtTypes,
            ApiKeys,
            Users,
            CallerRate,
            StrangerRate,
            ServerRole,
            DrainDelay,
            DrainLimit,
            OtlpEndpoint,
            OtlpProtocol,
            .. ScanSettings.All,
            .. EventSettings.All,
            .. HistorySettings.All,
            .. AlertSettings.All,
        ];

    /// <summary>The key as configuration knows it: a section's parts are parted by colons there.</summary>
    public string ConfigurationKey => Key.Replace("__", ":", StringComparison.Ordinal);
}
