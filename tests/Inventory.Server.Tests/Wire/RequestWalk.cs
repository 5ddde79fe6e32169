using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

/// <summary>
/// Requests for every RPC of the protos, with each field wrong in turn, alone and in a request that is otherwise
/// plausible. An RPC that is added is walked too.
/// </summary>
internal static class RequestWalk
{
    private const int DepthMax = 4;

    private static readonly string[] BadTexts =
    [
        "\0",
        "'; DROP TABLE stock; --",
        "\"><script>alert(1)</script>",
        "\u202e\r\nx: y",
        new('x', 5_000),
    ];

    /// <summary>A case each RPC.</summary>
    internal static IEnumerable<TestCaseData> Methods =>
        typeof(V1.ReservationService)
            .Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(V1.ReservationService).Namespace && t.Name.EndsWith("Reflection"))
            .Select(t => (FileDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods)
            .Select(method => new TestCaseData(method).SetArgDisplayNames(method.FullName));

    /// <summary>Its requests, and what is wrong in each.</summary>
    internal static IEnumerable<(IMessage Request, string What)> Requests(MethodDescriptor method)
    {
        foreach (var plausible in new[] { false, true })
        {
            foreach (var (name, poison) in Poisons(method.InputType, depth: 0))
            {
                var request = method.InputType.Parser.ParseFrom(ByteString.Empty);
                if (plausible)
                {
                    Fill(request, depth: 0);
                }

                poison(request);
                yield return (request, $"{method.Name}, {name}, {(plausible ? "plausible" : "alone")}");
            }
        }
    }

    /// <summary>Each way in which a field of a message, or of one within it, can be wrong.</summary>
    private static IEnumerable<(string Name, Action<IMessage> Poison)> Poisons(MessageDescriptor type, int depth)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            foreach (var value in Wrong(field))
            {
                yield return (field.Name, message => Set(message, field, value));
            }

            if (field.FieldType == FieldType.Message && !IsKnown(field.MessageType) && depth < DepthMax)
            {
                foreach (var (name, poison) in Poisons(field.MessageType, depth + 1))
                {
                    yield return ($"{field.Name}.{name}", message => poison(Within(message, field)));
                }
            }
        }
    }

    private static IEnumerable<object> Wrong(FieldDescriptor field) =>
        field.FieldType switch
        {
            FieldType.String => BadTexts,
            FieldType.Int64 => [-1L, 0L, long.MinValue, long.MaxValue],
            FieldType.Int32 => [-1, 0, int.MinValue, int.MaxValue],
            FieldType.Double => [double.NaN, double.PositiveInfinity, -1e300],
            FieldType.Enum => [99, -1],
            FieldType.Bool => [true],
            FieldType.Bytes => [ByteString.CopyFrom(new byte[5_000])],
            FieldType.Message when field.MessageType == Timestamp.Descriptor =>
            [
                new Timestamp { Seconds = long.MaxValue },
                new Timestamp { Nanos = -1 },
            ],
            FieldType.Message when field.MessageType == Duration.Descriptor =>
            [
                new Duration { Seconds = long.MaxValue },
                new Duration { Seconds = -1, Nanos = 1 },
            ],
            FieldType.Message when field.MessageType == FieldMask.Descriptor =>
            [
                new FieldMask { Paths = { "\0", "no.such" } },
            ],
            FieldType.Message => [],
            _ => throw new NotSupportedException($"{field.FullName} is {field.FieldType}: say how it can be wrong."),
        };

    private static void Fill(IMessage message, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(f => f.RealContainingOneof is null))
        {
            if (field.FieldType != FieldType.Message)
            {
                Set(message, field, Plausible(field));
            }
            else if (field.MessageType == Timestamp.Descriptor)
            {
                Set(message, field, Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddHours(1)));
            }
            else if (field.MessageType == Duration.Descriptor)
            {
                Set(message, field, new Duration { Seconds = 60 });
            }
            else if (!IsKnown(field.MessageType) && depth < DepthMax)
            {
                Fill(Within(message, field), depth + 1);
            }
        }
    }

    private static object Plausible(FieldDescriptor field) =>
        field.FieldType switch
        {
            FieldType.String => field.Name
                is "reservation_id"
                    or "transfer_id"
                    or "reservation_ids"
                    or "reorder_id"
                    or "scan_id"
                ? $"{Guid.NewGuid()}"
                : Some.RequestId(),
            FieldType.Int64 => 1L,
            FieldType.Int32 => 1,
            FieldType.Double => 1d,
            FieldType.Enum => field.EnumType.Values[^1].Number,
            FieldType.Bool => false,
            FieldType.Bytes => ByteString.Empty,
            _ => throw new NotSupportedException($"{field.FullName} is {field.FieldType}: say what is plausible."),
        };

    private static bool IsKnown(MessageDescriptor type) => type.File.Package == "google.protobuf";

    private static IMessage Within(IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated)
        {
            var list = (System.Collections.IList)field.Accessor.GetValue(message);
            if (list.Count == 0)
            {
                list.Add(field.MessageType.Parser.ParseFrom(ByteString.Empty));
            }

            return (IMessage)list[0]!;
        }

        if (field.Accessor.GetValue(message) is not IMessage part)
        {
            part = field.MessageType.Parser.ParseFrom(ByteString.Empty);
            field.Accessor.SetValue(message, part);
        }

        return part;
    }

    private static void Set(IMessage message, FieldDescriptor field, object value)
    {
        if (field.IsRepeated)
        {
            var list = (System.Collections.IList)field.Accessor.GetValue(message);
            list.Clear();
            list.Add(field.FieldType == FieldType.Enum ? System.Enum.ToObject(field.EnumType.ClrType, value) : value);
        }
        else
        {
            field.Accessor.SetValue(message, value);
        }
    }
}
