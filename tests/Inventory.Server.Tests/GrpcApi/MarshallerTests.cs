using System.Buffers;
using System.Text;
using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class MarshallerTests
{
    [Test]
    public void Simple_functions_serve_contexts()
    {
        var marshaller = Marshallers.Create<int>(BitConverter.GetBytes, bytes => BitConverter.ToInt32(bytes));
        var payload = new Payload();

        marshaller.ContextualSerializer(77, payload);

        Assert.That(marshaller.ContextualDeserializer(new Received(payload.Bytes!)), Is.EqualTo(77));
        Assert.That(marshaller.Deserializer(marshaller.Serializer(78)), Is.EqualTo(78));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Contextual_functions_serve_as_simple_ones(bool buffered)
    {
        var marshaller = Marshallers.Create<string>(
            (text, context) =>
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                if (!buffered)
                {
                    context.Complete(bytes);
                    return;
                }
                context.SetPayloadLength(bytes.Length);
                context.GetBufferWriter().Write(bytes);
                context.Complete();
            },
            context => $"{context.PayloadLength} {Encoding.UTF8.GetString(context.PayloadAsReadOnlySequence())}"
        );

        Assert.That(marshaller.Deserializer(marshaller.Serializer("häuser")), Is.EqualTo("7 häuser"));
        Assert.That(marshaller.Deserializer(marshaller.Serializer("")), Is.EqualTo("0 "));
    }

    [Test]
    public void A_message_is_completed_once()
    {
        var never = Marshallers.Create<string>((_, _) => { }, _ => "");
        var twice = Marshallers.Create<string>(
            (_, context) =>
            {
                context.Complete([]);
                context.Complete();
            },
            _ => ""
        );

        Assert.That(() => never.Serializer("a"), Throws.InvalidOperationException);
        Assert.That(() => twice.Serializer("a"), Throws.InvalidOperationException);
    }

    [Test]
    public void Text_goes_as_utf8()
    {
        var bytes = Marshallers.StringMarshaller.Serializer("é");

        Assert.That(bytes, Is.EqualTo(new byte[] { 0xC3, 0xA9 }));
        Assert.That(Marshallers.StringMarshaller.Deserializer(bytes), Is.EqualTo("é"));
    }

    [Test]
    public void A_context_that_offers_only_arrays_gives_a_sequence_too_and_takes_no_buffer()
    {
        Assert.That(new Received([1, 2]).PayloadAsReadOnlySequence().ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(() => new Payload().GetBufferWriter(), Throws.TypeOf<NotImplementedException>());
        Assert.That(() => new Payload().SetPayloadLength(1), Throws.TypeOf<NotImplementedException>());
        Assert.That(() => new Payload().Complete(), Throws.TypeOf<NotImplementedException>());
    }

    [Test]
    public void A_method_is_called_by_the_path_of_service_and_name()
    {
        var text = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.ServerStreaming, "shop.Stock", "Watch", text, text);

        Assert.That(method.FullName, Is.EqualTo("/shop.Stock/Watch"));
        Assert.That(
            (method.Type, method.ServiceName, method.Name),
            Is.EqualTo((MethodType.ServerStreaming, "shop.Stock", "Watch"))
        );
        Assert.That(
            () => new Method<string, string>(MethodType.Unary, "a", null!, text, text),
            Throws.ArgumentNullException
        );
    }

    private sealed class Payload : SerializationContext
    {
        public byte[]? Bytes { get; private set; }

        public override void Complete(byte[] payload) => Bytes = payload;
    }

    private sealed class Received(byte[] payload) : DeserializationContext
    {
        public override int PayloadLength => payload.Length;

        public override byte[] PayloadAsNewBuffer() => [.. payload];
    }
}
