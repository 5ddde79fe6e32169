using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

/// <summary>The two API assemblies have all that the libraries and the generated code need of them.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CompletenessTests
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic;

    private static readonly Assembly CoreApi = typeof(Metadata).Assembly;
    private static readonly Assembly NetCommon = typeof(ICompressionProvider).Assembly;
    private static readonly Assembly[] Api = [CoreApi, NetCommon];
    private static readonly Assembly[] Libraries =
    [
        typeof(GrpcServiceOptions).Assembly,
        typeof(GrpcChannel).Assembly,
        Assembly.Load("Inventory.Protos"),
    ];

    [Test]
    public void Every_type_and_member_that_is_referred_to_is_there_and_reachable()
    {
        var surface = new ApiSurface(Api);
        var references = References().ToList();

        Assert.That(references.Count(reference => reference.Member is null), Is.GreaterThan(50), "types");
        Assert.That(references.Count(reference => reference.Member is not null), Is.GreaterThan(120), "members");
        Assert.That(references.Where(reference => !surface.Has(reference)), Is.Empty);
    }

    [Test]
    public void A_reference_to_what_is_not_there_is_found()
    {
        var surface = new ApiSurface(Api);
        var status = new ApiReference("Grpc.Core.Api", "Grpc.Core.Status", null);
        var code = status with { Member = "valuetype Grpc.Core.StatusCode get_StatusCode`0()" };

        Assert.That(new[] { status, code }, Is.All.Matches<ApiReference>(reference => surface.Has(reference!)));
        Assert.That(
            new[]
            {
                status with
                {
                    Assembly = "Grpc.Net.Common",
                },
                status with
                {
                    Type = "Grpc.Core.Statuses",
                },
                status with
                {
                    Type = "Grpc.Core.Throw",
                },
                code with
                {
                    Member = "Int32 get_StatusCode`0()",
                },
                code with
                {
                    Member = "static valuetype Grpc.Core.StatusCode get_StatusCode`0()",
                },
                code with
                {
                    Member = "valuetype Grpc.Core.StatusCode get_StatusCode`0(Int32)",
                },
            },
            Is.All.Not.Matches<ApiReference>(reference => surface.Has(reference!))
        );
    }

    [TestCaseSource(nameof(Libraries))]
    public void Every_type_loads_and_every_override_finds_its_base(Assembly library)
    {
        var overrides = library
            .GetTypes()
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot))
            .ToList();

        Assert.That(overrides.Where(method => method.GetBaseDefinition() == method), Is.Empty);
    }

    [Test]
    public void The_overrides_that_are_checked_are_those_of_the_api()
    {
        var ofApi = Libraries
            .SelectMany(library => library.GetTypes())
            .SelectMany(type => type.GetMethods(Declared))
            .Select(method => method.GetBaseDefinition().DeclaringType!)
            .Where(type => Api.Contains(type.Assembly));

        Assert.That(
            ofApi.Distinct(),
            Is.SupersetOf(
                new[]
                {
                    typeof(ServerCallContext),
                    typeof(ServiceBinderBase),
                    typeof(SerializationContext),
                    typeof(DeserializationContext),
                    typeof(CallInvoker),
                    typeof(ChannelBase),
                    typeof(CallCredentialsConfiguratorBase),
                    typeof(ChannelCredentialsConfiguratorBase),
                }
            )
        );
    }

    [TestCaseSource(nameof(Libraries))]
    public void The_identities_are_those_that_are_asked_for(Assembly library)
    {
        using var file = new PEReader(File.OpenRead(library.Location));
        var reader = file.GetMetadataReader();
        var asked = reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName());
        var given = Api.ToDictionary(assembly => assembly.GetName().Name!, assembly => assembly.GetName());

        foreach (var name in asked.Where(name => given.ContainsKey(name.Name!)))
        {
            Assert.That(given[name.Name!].Version, Is.EqualTo(name.Version), name.Name);
            Assert.That(given[name.Name!].GetPublicKeyToken(), Is.EqualTo(name.GetPublicKeyToken()), name.Name);
        }
    }

    private static IEnumerable<ApiReference> References() =>
        Libraries
            .SelectMany(library => ApiReference.ReadAll(library.Location))
            .Where(reference => Api.Any(assembly => assembly.GetName().Name == reference.Assembly))
            .Distinct();
}
