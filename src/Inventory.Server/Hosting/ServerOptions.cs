using System.Net;
using Inventory.Engine.Stock.Bulk;
using Inventory.Server.Alerts;
using Inventory.Server.Cache;
using Inventory.Server.Demo;
using Inventory.Server.Events;
using Inventory.Server.Scans;
using Inventory.Server.Security;
using Inventory.Server.Security.Transport;
using Npgsql;

namespace Inventory.Server.Hosting;

/// <summary>All that the server was told, read and judged once, at its start.</summary>
public sealed record ServerOptions
{
    public required IPAddress Listen { get; init; }

    /// <summary>0 takes a free port.</summary>
    public required int GrpcPort { get; init; }

    /// <summary>0 takes a free port.</summary>
    public required int HttpPort { get; init; }

    public required string Database { get; init; }

    /// <summary>Null: every read goes to PostgreSQL.</summary>
    public required string? Redis { get; init; }

    public required int Http2Streams { get; init; }

    /// <summary>Of all clients.</summary>
    public required int Connections { get; init; }

    /// <summary>From one address; 0: no limit.</summary>
    public required int PeerConnections { get; init; }

    /// <summary>Batches that run side by side, each on a connection of its own.</summary>
    public required int Lanes { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Requests that wait for a lane; one more is refused.</summary>
    public required int QueueLength { get; init; }

    /// <summary>Open reservations of one order; 0: no limit.</summary>
    public required int OrderHolds { get; init; }

    /// <summary>Open reservations of one caller; 0: no limit.</summary>
    public required int CallerHolds { get; init; }

    /// <summary>The longest time of a call that is no stream.</summary>
    public required TimeSpan CallLimit { get; init; }

    /// <summary>When everything is verified, UTC; null: never by itself.</summary>
    public required TimeOnly? VerifyAt { get; init; }

    public required int StreamInFlight { get; init; }

    /// <summary>The most rows of a streamed bulk update or a CSV import.</summary>
    public required int BulkRows { get; init; }

    /// <summary>The most bytes of a CSV import.</summary>
    public required int ImportBytes { get; init; }

    /// <summary>Reads of an RFID tag that are less than this apart count once; zero: each counts.</summary>
    public required TimeSpan RfidWindow { get; init; }

    /// <summary>ISO 4217: that of an amount of money without one, over REST.</summary>
    public required string Currency { get; init; }

    /// <summary>Whose pages may call the HTTP port; empty: none.</summary>
    public required IReadOnlyList<string> CorsOrigins { get; init; }

    /// <summary>Null: the ports speak clear text.</summary>
    public required TlsOptions? Tls { get; init; }

    public required AuthenticationOptions Authentication { get; init; }

    public required EventOptions Events { get; init; }

    /// <summary>Null: no scans come by RabbitMQ.</summary>
    public required ScanQueueOptions? ScanQueue { get; init; }

    /// <summary>The role that a migration grants what the server needs; null: it owns the schema.</summary>
    public required string? ServerRole { get; init; }

    /// <summary>Between snapshots of all stock; null: none is made by time.</summary>
    public required TimeSpan? SnapshotEvery { get; init; }

    /// <summary>Months of the journal before the present one that are kept out of the archive; 0: all.</summary>
    public required int JournalKeepMonths { get; init; }

    /// <summary>Days that ended reservations are kept out of the archive; 0: for ever.</summary>
    public required int ReservationKeepDays { get; init; }

    public required TimeSpan DrainDelay { get; init; }

    public required TimeSpan DrainLimit { get; init; }

    /// <summary>
    /// Demo items that are loaded at a start in Development. Null: the default number, where there is no item at all.
    /// </summary>
    public required int? DemoItems { get; init; }

    public required AlertOptions Alerts { get; init; }

    /// <summary>Null: nothing is sent.</summary>
    public required OtlpTarget? Otlp { get; init; }

    /// <param name="Endpoint">The collector.</param>
    /// <param name="Http">OTLP over HTTP with protobuf; otherwise over gRPC.</param>
    public sealed record OtlpTarget(Uri Endpoint, bool Http);

    /// <param name="configuration">What it was told.</param>
    /// <param name="environment">Where it is to serve; null: it is not, and nobody will call.</param>
    /// <exception cref="ConfigurationException">A setting is missing or wrong; the message names each.</exception>
    public static ServerOptions Read(IConfiguration configuration, IHostEnvironment? environment)
    {
        var reader = new SettingReader(configuration);
        var events = EventOptions.Read(reader, environment);
        var options = new ServerOptions
        {
            Listen = reader.Address(Setting.Listen, IPAddress.Loopback),
            GrpcPort = reader.Number(Setting.GrpcPort, 5080, 0, 65_535),
            HttpPort = reader.Number(Setting.HttpPort, 5081, 0, 65_535),
            Database = ReadDatabase(reader),
            Redis = ReadRedis(reader),
            Http2Streams = reader.Number(Setting.Http2Streams, 256, 1, 100_000),
            Connections = reader.Number(Setting.Connections, 10_000, 1, 1_000_000),
            PeerConnections = reader.Number(Setting.PeerConnections, 1_000, 0, 1_000_000),
            Lanes = reader.Number(Setting.Lanes, 2, 1, 64),
            BatchSize = reader.Number(Setting.BatchSize, 400, 1, 5_000),
            QueueLength = reader.Number(Setting.QueueLength, 20_000, 1, 1_000_000),
            OrderHolds = reader.Number(Setting.OrderHolds, 100, 0, 100_000),
            CallerHolds = reader.Number(Setting.CallerHolds, 0, 0, 10_000_000),
            CallLimit = TimeSpan.FromSeconds(reader.Number(Setting.CallSeconds, 30, 1, 3_600)),
            VerifyAt = reader.TimeOfDay(Setting.VerifyAt, new(3, 0)),
            StreamInFlight = reader.Number(Setting.StreamInFlight, 4_096, 1, 100_000),
            BulkRows = reader.Number(Setting.BulkRows, BulkEditStock.DefaultRowsMax, 1, 1_000_000),
            ImportBytes = reader.Number(Setting.ImportMegabytes, 16, 1, 1_024) * 1024 * 1024,
            RfidWindow = TimeSpan.FromSeconds(reader.Number(ScanSettings.RfidWindow, 5, 0, 86_400)),
            Currency = ReadCurrency(reader),
            CorsOrigins = reader.Origins(Setting.CorsOrigins),
            Tls = TlsOptions.Read(reader),
            Authentication = AuthenticationOptions.Read(reader, environment),
            Events = events,
            ScanQueue = ScanQueueOptions.Read(reader, events.Rabbit?.Broker),
            ServerRole = reader.Text(Setting.ServerRole),
            SnapshotEvery = ReadSnapshotEvery(reader),
            JournalKeepMonths = reader.Number(HistorySettings.JournalKeepMonths, 0, 0, 1_200),
            ReservationKeepDays = reader.Number(HistorySettings.ReservationKeepDays, 0, 0, 36_500),
            DrainDelay = TimeSpan.FromSeconds(reader.Number(Setting.DrainDelay, 0, 0, 300)),
            DrainLimit = TimeSpan.FromSeconds(reader.Number(Setting.DrainLimit, 30, 1, 3_600)),
            DemoItems = reader.Text(Setting.DemoItems) is null
                ? null
                : reader.Number(Setting.DemoItems, 0, 0, DemoStock.ItemCountMax),
            Alerts = AlertOptions.Read(reader),
            Otlp = ReadOtlp(reader),
        };
        CheckPorts(options, reader, environment);
        options.Authentication.Check(reader, environment);
        reader.ThrowIfWrong();
        return options;
    }

    private static void CheckPorts(ServerOptions options, SettingReader reader, IHostEnvironment? environment)
    {
        if (options.GrpcPort == options.HttpPort && options.GrpcPort != 0)
        {
            reader.Wrong(Setting.HttpPort, $"is {options.HttpPort}, the port of gRPC; each needs its own");
        }

        if (
            options.Tls is null
            && !IPAddress.IsLoopback(options.Listen)
            && !reader.Flag(Setting.Cleartext)
            && environment is not null
        )
        {
            reader.Wrong(
                Setting.TlsCertificate,
                $"is missing, and the server is to listen on {options.Listen}: tokens would cross the network in clear"
                    + $" text. Behind a proxy that ends TLS, say {Setting.Cleartext.Key}=on"
            );
        }
    }

    private static TimeSpan? ReadSnapshotEvery(SettingReader reader) =>
        reader.Number(HistorySettings.SnapshotHours, 24, 0, 24) is > 0 and var hours ? TimeSpan.FromHours(hours) : null;

    private static string ReadCurrency(SettingReader reader)
    {
        var currency = reader.Text(Setting.Currency) ?? "EUR";
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            reader.Wrong(Setting.Currency, $"is '{currency}', and must be three capital letters of ISO 4217");
        }

        return currency;
    }

    private static OtlpTarget? ReadOtlp(SettingReader reader)
    {
        var protocol = reader.Text(Setting.OtlpProtocol) ?? "grpc";
        if (protocol is not ("grpc" or "http/protobuf"))
        {
            reader.Wrong(Setting.OtlpProtocol, $"is '{protocol}', and must be grpc or http/protobuf");
        }

        return reader.Url(Setting.OtlpEndpoint) is { } endpoint ? new(endpoint, protocol == "http/protobuf") : null;
    }

    private static string? ReadRedis(SettingReader reader)
    {
        var text = reader.Text(Setting.Redis);
        try
        {
            _ = text is null ? null : RedisAvailabilityCache.Parse(text);
        }
        catch (ArgumentException)
        {
            // Its message may quote the text, and the text may hold a password.
            reader.Wrong(Setting.Redis, "is no Redis connection string (host:port,password=…,defaultDatabase=…)");
        }

        return text;
    }

    private static string ReadDatabase(SettingReader reader)
    {
        if (reader.Text(Setting.Database) is not { } text)
        {
            reader.Wrong(
                Setting.Database,
                "is missing: give a PostgreSQL connection string, or start with ASPNETCORE_ENVIRONMENT=Development"
                    + " to get a private server"
            );
            return "";
        }

        try
        {
            if (new NpgsqlConnectionStringBuilder(text).Host is not { Length: > 0 })
            {
                reader.Wrong(Setting.Database, "names no Host");
            }
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Npgsql's own message may quote the text, and the text holds a password.
            reader.Wrong(
                Setting.Database,
                "is no PostgreSQL connection string (Host=…;Database=…;Username=…;Password=…)"
            );
        }

        return text;
    }
}
