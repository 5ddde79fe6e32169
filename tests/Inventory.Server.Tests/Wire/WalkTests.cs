using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

/// <summary>
/// Every RPC of the protos with each field of its request wrong in turn, alone and in a request that is otherwise
/// plausible: a clear answer, nothing broken. An RPC that is added is walked too.
/// </summary>
public sealed class WalkTests : ServerFixture
{
    private const int DepthMax = 4;
    private static readonly TimeSpan StreamMax = TimeSpan.FromMilliseconds(200);

    private static readonly string[] BadTexts =
    [
        "\0",
        "'; DROP TABLE stock; --",
        "\"><script>alert(1)</script>",
        "\u202e\r\nx: y",
        new('x', 5_000),
    ];

    /// <summary>What would be our fault, or says nothing of what is wrong.</summary>
    private static readonly StatusCode[] Faults =
    [
        StatusCode.Unknown,
        StatusCode.Internal,
        StatusCode.Unavailable,
        StatusCode.Unimplemented,
        StatusCode.DataLoss,
        StatusCode.Aborted,
    ];

    private static IEnumerable<TestCaseData> Methods =>
        typeof(V1.ReservationService)
            .Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(V1.ReservationService).Namespace && t.Name.EndsWith("Reflection"))
            .Select(t => (FileDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods)
            .Where(method => !method.IsClientStreaming)
            .Select(method => new TestCaseData(method).SetArgDisplayNames(method.FullName));

    [TestCaseSource(nameof(Methods))]
    public async Task Whatever_field_is_wrong_the_answer_is_clear(object walked)
    {
        var method = (MethodDescriptor)walked;
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
                await AskAsync(method, request, $"{method.Name}, {name}, {(plausible ? "plausible" : "alone")}");
            }
        }

        Assert.That(await Then.Violations(), Is.Empty);
    }

    private async Task AskAsync(MethodDescriptor method, IMessage request, string what)
    {
        try
        {
            await CallAsync(method, request);
        }
        catch (RpcException e)
        {
            Assert.That(Faults, Does.Not.Contain(e.StatusCode), $"{what}: {e.Status.Detail}");
            if (e.StatusCode == StatusCode.InvalidArgument)
            {
                var wrong = new Refusal(e).Detail<BadRequest>().FieldViolations;
                Assert.That(wrong, Is.Not.Empty, what);
                Assert.That(wrong.Select(v => v.Field), Has.None.Empty, what);
                Assert.That(wrong.Select(v => v.Reason), Has.None.Empty, what);
            }
        }
    }

    private async Task CallAsync(MethodDescriptor method, IMessage request)
    {
        var type = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var call = new Method<IMessage, IMessage>(
            type,
            method.Service.FullName,
            method.Name,
            Of(method.InputType),
            Of(method.OutputType)
        );
        var invoker = Server.Channel.CreateCallInvoker();
        if (!method.IsServerStreaming)
        {
            await invoker.AsyncUnaryCall(call, null, new CallOptions(), request);
            return;
        }

        // A watch has no end.
        using var enough = new CancellationTokenSource(StreamMax);
        using var stream = invoker.AsyncServerStreamingCall(
            call,
            null,
            new CallOptions(cancellationToken: enough.Token),
            request
        );
        try
        {
            while (await stream.ResponseStream.MoveNext(enough.Token)) { }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && enough.IsCancellationRequested)
        {
            // It was told enough.
        }
    }

    private static Marshaller<IMessage> Of(MessageDescriptor type) =>
        Marshallers.Create(m => m.ToByteArray(), bytes => type.Parser.ParseFrom(bytes));

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
            FieldType.String => field.Name is "reservation_id" or "transfer_id" or "reservation_ids"
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
