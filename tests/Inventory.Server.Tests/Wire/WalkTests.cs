using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using NUnit.Framework;

namespace Inventory.Server.Tests.Wire;

/// <summary>Every RPC of the protos, with every bad request: a clear answer, nothing broken.</summary>
public sealed class WalkTests : ServerFixture
{
    private static readonly TimeSpan StreamMax = TimeSpan.FromMilliseconds(200);

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

    private static IEnumerable<TestCaseData> Methods => RequestWalk.Methods;

    [TestCaseSource(nameof(Methods))]
    public async Task Whatever_field_is_wrong_the_answer_is_clear(object walked)
    {
        var method = (MethodDescriptor)walked;
        foreach (var (request, what) in RequestWalk.Requests(method))
        {
            await AskAsync(method, request, what);
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
        var call = new Method<IMessage, IMessage>(
            TypeOf(method),
            method.Service.FullName,
            method.Name,
            Of(method.InputType),
            Of(method.OutputType)
        );
        var invoker = Server.Channel.CreateCallInvoker();
        switch (call.Type)
        {
            case MethodType.Unary:
                await invoker.AsyncUnaryCall(call, null, new CallOptions(), request);
                break;
            case MethodType.ClientStreaming:
                using (var up = invoker.AsyncClientStreamingCall(call, null, new CallOptions()))
                {
                    await up.RequestStream.WriteAsync(request);
                    await up.RequestStream.CompleteAsync();
                    await up;
                }

                break;
            case MethodType.DuplexStreaming:
                using (var both = invoker.AsyncDuplexStreamingCall(call, null, new CallOptions()))
                {
                    await both.RequestStream.WriteAsync(request);
                    await both.RequestStream.CompleteAsync();
                    await ReadAsync(both.ResponseStream, CancellationToken.None);
                }

                break;
            case MethodType.ServerStreaming:
                // A watch has no end.
                using (var enough = new CancellationTokenSource(StreamMax))
                using (
                    var down = invoker.AsyncServerStreamingCall(
                        call,
                        null,
                        new CallOptions(cancellationToken: enough.Token),
                        request
                    )
                )
                {
                    await ReadAsync(down.ResponseStream, enough.Token);
                }

                break;
        }
    }

    private static async Task ReadAsync(IAsyncStreamReader<IMessage> answers, CancellationToken enough)
    {
        try
        {
            while (await answers.MoveNext(enough)) { }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && enough.IsCancellationRequested)
        {
            // It was told enough.
        }
    }

    private static MethodType TypeOf(MethodDescriptor method) =>
        (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            (true, true) => MethodType.DuplexStreaming,
        };

    private static Marshaller<IMessage> Of(MessageDescriptor type) =>
        Marshallers.Create(m => m.ToByteArray(), bytes => type.Parser.ParseFrom(bytes));
}
