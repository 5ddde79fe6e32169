using System.Buffers;
using System.Text.Json;
using CloudNative.CloudEvents.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Database;
using Inventory.Engine.Events;
using Inventory.V1;
using AttributeValue = CloudNative.CloudEvents.V1.CloudEvent.Types.CloudEventAttributeValue;
using EventFormat = Inventory.Engine.Events.EventFormat;

namespace Inventory.Server.Events;

/// <summary>
/// Changes as CloudEvents 1.0, in the structured mode of either format: an event is whole in itself, by whichever way it
/// goes. <c>event.proto</c> says what its parts mean.
/// </summary>
/// <param name="source">A URI reference, by which events of one installation are told from those of another.</param>
internal sealed class CloudEvents(string source)
{
    public const string Json = "application/cloudevents+json; charset=utf-8";
    public const string JsonBatch = "application/cloudevents-batch+json; charset=utf-8";
    public const string Protobuf = "application/cloudevents+protobuf";
    public const string ProtobufBatch = "application/cloudevents-batch+protobuf";
    private const string SpecVersion = "1.0";

    private static readonly JsonFormatter Data = new(
        JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(false)
    );

    public static string TypeOf(EventFormat format, bool batch) =>
        format switch
        {
            EventFormat.Json => batch ? JsonBatch : Json,
            EventFormat.Protobuf => batch ? ProtobufBatch : Protobuf,
        };

    /// <summary>One event.</summary>
    public byte[] Write(EventFormat format, long era, ChangeEvent change)
    {
        if (format == EventFormat.Protobuf)
        {
            return ToProtobuf(era, change).ToByteArray();
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            Write(json, era, change);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Several, in the form of a batch.</summary>
    public byte[] Write(EventFormat format, long era, IReadOnlyList<ChangeEvent> changes)
    {
        if (format == EventFormat.Protobuf)
        {
            return new CloudEventBatch { Events = { changes.Select(c => ToProtobuf(era, c)) } }.ToByteArray();
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var change in changes)
            {
                Write(json, era, change);
            }

            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static string SubjectOf(ChangeEvent change) =>
        change.StockId is null ? $"{change.Document}" : $"{change.Sku}/{change.Warehouse}";

    private static InventoryChange ToMessage(ChangeEvent change) =>
        new()
        {
            Position = change.Position,
            InventoryId = change.StockId is { } id ? PublicId.Stock(id) : "",
            Sku = change.Sku,
            Warehouse = change.Warehouse,
            StockVersion = change.Version,
            // Both are numbered alike, and a test holds them to it.
            Kind = (TransactionKind)change.Kind,
            DocumentId = change.Document?.ToString() ?? "",
            Change = new()
            {
                OnHand = change.Change.OnHand,
                Reserved = change.Change.Reserved,
                Damaged = change.Change.Damaged,
                QualityControl = change.Change.QualityControl,
                InTransit = change.Change.InTransit,
                SafetyStock = change.Change.SafetyStock,
                Waiting = change.Change.Waiting,
            },
            Actor = change.Actor,
            Reason = change.Reason ?? "",
        };

    private void Write(Utf8JsonWriter json, long era, ChangeEvent change)
    {
        json.WriteStartObject();
        json.WriteString("specversion", SpecVersion);
        json.WriteString("id", EventIds.Event(era, change.Position));
        json.WriteString("source", source);
        json.WriteString("type", EventTypes.Of(change.Kind));
        json.WriteString("subject", SubjectOf(change));
        json.WriteString("time", Utc(change.At));
        json.WriteString("datacontenttype", "application/json");
        json.WritePropertyName("data");
        json.WriteRawValue(Data.Format(ToMessage(change)), skipInputValidation: true);
        json.WriteEndObject();
    }

    private CloudEvent ToProtobuf(long era, ChangeEvent change) =>
        new()
        {
            Id = EventIds.Event(era, change.Position),
            Source = source,
            SpecVersion = SpecVersion,
            Type = EventTypes.Of(change.Kind),
            Attributes =
            {
                ["subject"] = new AttributeValue { CeString = SubjectOf(change) },
                ["time"] = new AttributeValue { CeTimestamp = Timestamp.FromDateTime(Utc(change.At)) },
            },
            ProtoData = Any.Pack(ToMessage(change)),
        };

    private static DateTime Utc(DateTime at) => DateTime.SpecifyKind(at, DateTimeKind.Utc);
}
