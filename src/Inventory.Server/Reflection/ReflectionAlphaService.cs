using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using Inventory.Server.Hosting;

namespace Inventory.Server.Reflection;

/// <summary>grpc.reflection.v1alpha, which older clients speak: the same messages on the wire, so v1 answers.</summary>
internal sealed class ReflectionAlphaService(ReflectionService v1, Drain drain) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context
    )
    {
        await foreach (var request in requestStream.ReadUntilDrainAsync(drain, context))
        {
            var asked = Grpc.Reflection.V1.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString());
            var answer = ServerReflectionResponse.Parser.ParseFrom(v1.Answer(asked).ToByteString());
            await responseStream.WriteAsync(answer, context.CancellationToken);
        }
    }
}
