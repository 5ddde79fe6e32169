using System.Text.Json;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Independent;

/// <summary>Clients that share no line of code with this server: what they understand is the protocol.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class IndependentClientTests : ServerFixture
{
    private static readonly string Protos = Path.Combine(NodeProgram.Repository, "protos");

    [Test]
    public async Task The_JavaScript_client_reserves_replays_runs_short_streams_and_confirms()
    {
        var folder = Path.Combine(NodeProgram.Repository, "tests", "Inventory.Server.Tests", "Independent");
        await NodeProgram.InstallAsync(folder);
        var sku = await Given.Stock(onHand: 3);
        var address = new Uri(Server.Ports.Grpc).Authority;

        var line = await NodeProgram.RunAsync("node", folder, "client.mjs", address, Protos, sku, Some.RequestId());

        using var learned = JsonDocument.Parse(line);
        var said = learned.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(said.GetProperty("serving").GetString(), Is.EqualTo("SERVING"));
            Assert.That(said.GetProperty("held").GetString(), Is.EqualTo("RESERVATION_STATE_HELD"));
            Assert.That(said.GetProperty("warehouse").GetString(), Is.EqualTo(Given.MainWarehouse));
            Assert.That(said.GetProperty("replayed").GetBoolean(), Is.True);
            Assert.That(said.GetProperty("sameId").GetBoolean(), Is.True);
            Assert.That(said.GetProperty("shortage").GetInt32(), Is.EqualTo((int)StatusCode.FailedPrecondition));
            Assert.That(said.GetProperty("shortageReason").GetString(), Is.EqualTo("INSUFFICIENT_STOCK"));
            Assert.That(
                said.GetProperty("streamed").EnumerateArray().Select(o => o.GetString()),
                Is.EquivalentTo(new[] { "reserved", "error" })
            );
            Assert.That(said.GetProperty("confirmed").GetString(), Is.EqualTo("RESERVATION_STATE_CONFIRMED"));
            Assert.That(said.GetProperty("invalid").GetInt32(), Is.EqualTo((int)StatusCode.InvalidArgument));
        });
        Assert.That((await Then.OnHand(sku), await Then.Reserved(sku)), Is.EqualTo((1L, 1L)));
    }

    [TestCase("grpc-v1")]
    [TestCase("grpc-v1alpha")]
    public async Task Buf_lists_the_services_by_reflection(string protocol)
    {
        var listed = await BufAsync("--reflect-protocol", protocol, "--list-services", Server.Ports.Grpc);

        Assert.That(
            listed.Split('\n'),
            Is.SupersetOf(new[] { "inventory.v1.ReservationService", "grpc.health.v1.Health" })
        );
    }

    [Test]
    public async Task Buf_calls_what_it_learned_by_reflection()
    {
        var sku = await Given.Stock(onHand: 1);
        var body = $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 1}]}""";

        var answer = await BufAsync(
            "--data",
            body,
            $"{Server.Ports.Grpc}/inventory.v1.ReservationService/ReserveInventory"
        );

        Assert.That(answer, Does.Contain("RESERVATION_STATE_HELD"));
        Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
    }

    private static async Task<string> BufAsync(params string[] arguments)
    {
        await NodeProgram.InstallAsync(Protos);
        var buf = Path.Combine(Protos, "node_modules", ".bin", "buf");
        // Outside of protos/: there buf would read the schema from the files instead of asking the server.
        return await NodeProgram.RunAsync(
            buf,
            Path.GetTempPath(),
            ["curl", "--http2-prior-knowledge", "--protocol", "grpc", .. arguments]
        );
    }
}
