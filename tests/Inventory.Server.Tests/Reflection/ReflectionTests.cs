using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Inventory.Server.Tests.Hosting;
using NUnit.Framework;
using Alpha = Grpc.Reflection.V1Alpha;

namespace Inventory.Server.Tests.Reflection;

[Parallelizable(ParallelScope.Self)]
public sealed class ReflectionTests : ServerFixture
{
    private static readonly string[] Standard =
    [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
    ];

    [Test]
    public async Task Every_service_is_listed_and_each_can_be_built_from_what_is_told_of_it()
    {
        var names = (await AskAsync(new() { ListServices = "" })).ListServicesResponse.Service.Select(s => s.Name);

        Assert.That(names, Is.SupersetOf(Standard).And.Contain("inventory.v1.ReservationService"));
        foreach (var name in names)
        {
            var answer = await AskAsync(new() { FileContainingSymbol = name });
            var files = FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto);
            Assert.That(files[^1].Services.Select(s => s.FullName), Does.Contain(name));
        }
    }

    [TestCase("inventory.v1.ReserveInventoryRequest")]
    [TestCase("inventory.v1.ReserveInventoryRequest.lines")]
    [TestCase("inventory.v1.ReservationService.ReserveInventory")]
    [TestCase("inventory.v1.RESERVATION_STATE_HELD")]
    [TestCase("grpc.health.v1.HealthCheckResponse.ServingStatus")]
    [TestCase("google.api.http")]
    public async Task A_file_is_found_by_any_symbol_in_it(string symbol)
    {
        var answer = await AskAsync(new() { FileContainingSymbol = symbol });

        Assert.That(answer.FileDescriptorResponse?.FileDescriptorProto, Is.Not.Null.And.Not.Empty);
    }

    [Test]
    public async Task A_file_is_found_by_its_name_with_its_imports_before_it()
    {
        var answer = await AskAsync(new() { FileByFilename = "inventory/v1/reservation_service.proto" });

        var names = answer.FileDescriptorResponse.FileDescriptorProto.Select(f =>
            FileDescriptorProto.Parser.ParseFrom(f).Name
        );
        Assert.That(names.Last(), Is.EqualTo("inventory/v1/reservation_service.proto"));
        Assert.That(
            names,
            Does.Contain("google/api/http.proto").And.Contain("google/protobuf/descriptor.proto").And.Unique
        );
    }

    [Test]
    public async Task An_extension_is_found_by_type_and_number()
    {
        const string type = "google.protobuf.MethodOptions";
        var numbers = await AskAsync(new() { AllExtensionNumbersOfType = type });
        var file = await AskAsync(
            new()
            {
                FileContainingExtension = new() { ContainingType = type, ExtensionNumber = 72295728 },
            }
        );

        // inventory.v1.access and google.api.http.
        Assert.That(numbers.AllExtensionNumbersResponse.ExtensionNumber, Is.EqualTo(new[] { 50_001, 72_295_728 }));
        Assert.That(file.FileDescriptorResponse.FileDescriptorProto, Is.Not.Empty);
    }

    [Test]
    public async Task What_is_not_there_is_not_found_and_the_call_goes_on()
    {
        using var call = new ServerReflection.ServerReflectionClient(Server.Channel).ServerReflectionInfo();
        ServerReflectionRequest[] unknown =
        [
            new() { FileByFilename = "none.proto" },
            new() { FileContainingSymbol = "no.Symbol" },
            new() { AllExtensionNumbersOfType = "no.Type" },
            new()
            {
                FileContainingExtension = new() { ContainingType = "no.Type", ExtensionNumber = 1 },
            },
        ];
        foreach (var request in unknown)
        {
            await call.RequestStream.WriteAsync(request);
            await call.ResponseStream.MoveNext();
            Assert.That(call.ResponseStream.Current.ErrorResponse.ErrorCode, Is.EqualTo((int)StatusCode.NotFound));
            Assert.That(call.ResponseStream.Current.OriginalRequest, Is.EqualTo(request));
        }
    }

    [Test]
    public async Task Version_v1alpha_answers_as_v1_does()
    {
        using var call = new Alpha.ServerReflection.ServerReflectionClient(Server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new() { FileContainingSymbol = "grpc.health.v1.Health" });
        await call.ResponseStream.MoveNext();
        var alpha = call.ResponseStream.Current.FileDescriptorResponse.ToByteArray();

        var v1 = await AskAsync(new() { FileContainingSymbol = "grpc.health.v1.Health" });

        Assert.That(alpha, Is.EqualTo(v1.FileDescriptorResponse.ToByteArray()));
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(Server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        Assert.That(await call.ResponseStream.MoveNext(), Is.True);
        return call.ResponseStream.Current;
    }
}
