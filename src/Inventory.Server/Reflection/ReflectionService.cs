using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Inventory.Server.Hosting;

namespace Inventory.Server.Reflection;

/// <summary>grpc.reflection.v1: a client that has no .proto learns the API from here.</summary>
internal sealed class ReflectionService(ServedApi api, DescriptorIndex index, Drain drain)
    : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context
    )
    {
        await foreach (var request in requestStream.ReadUntilDrainAsync(drain, context))
        {
            await responseStream.WriteAsync(Answer(request), context.CancellationToken);
        }
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                var names = api
                    .ServiceNames.Order(StringComparer.Ordinal)
                    .Select(n => new ServiceResponse { Name = n });
                response.ListServicesResponse = new() { Service = { names } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                AnswerFile(response, index.FileNamed(request.FileByFilename), request.FileByFilename);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                AnswerFile(response, index.FileWithSymbol(request.FileContainingSymbol), request.FileContainingSymbol);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                var (type, number) = (
                    request.FileContainingExtension.ContainingType,
                    request.FileContainingExtension.ExtensionNumber
                );
                AnswerFile(response, index.FileWithExtension(type, number), $"{type}, extension {number}");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                AnswerExtensions(response, request.AllExtensionNumbersOfType);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.None:
                response.ErrorResponse = new()
                {
                    ErrorCode = (int)StatusCode.InvalidArgument,
                    ErrorMessage = "The request asks nothing.",
                };
                break;
        }

        return response;
    }

    private static void AnswerFile(ServerReflectionResponse response, FileDescriptor? file, string asked)
    {
        if (file is null)
        {
            response.ErrorResponse = NotFound(asked);
            return;
        }

        response.FileDescriptorResponse = new() { FileDescriptorProto = { DescriptorIndex.WithImports(file) } };
    }

    private void AnswerExtensions(ServerReflectionResponse response, string type)
    {
        if (index.ExtensionNumbers(type) is not { } numbers)
        {
            response.ErrorResponse = NotFound(type);
            return;
        }

        response.AllExtensionNumbersResponse = new() { BaseTypeName = type, ExtensionNumber = { numbers } };
    }

    private static ErrorResponse NotFound(string asked) =>
        new() { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = $"{asked} is not known here." };
}
