using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Inventory.Client;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Inventory.Server.Tests.Client;

[Parallelizable(ParallelScope.Self)]
public sealed class ClientTests : ServerFixture
{
    private static IEnumerable<MethodDescriptor> UnaryCalls =>
        typeof(ReservationService)
            .Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(ReservationService).Namespace)
            .Select(t => t.GetProperty("Descriptor")?.GetValue(null))
            .OfType<Google.Protobuf.Reflection.ServiceDescriptor>()
            .SelectMany(s => s.Methods)
            .Where(m => !m.IsClientStreaming && !m.IsServerStreaming);

    [Test]
    public async Task A_container_gives_the_client_and_its_stubs()
    {
        var sku = await Given.Stock(onHand: 5);
        await using var services = new ServiceCollection()
            .AddInventoryClient(new() { Address = new Uri(Server.Ports.Grpc) })
            .BuildServiceProvider();
        var order = new ReserveInventoryRequest
        {
            Lines =
            {
                new ReserveLine { Sku = sku, Quantity = 2 },
            },
        };

        var held = await services.GetRequiredService<InventoryClient>().Reservations.ReserveInventoryAsync(order);
        var stub = services.GetRequiredService<ReservationService.ReservationServiceClient>();
        var confirmed = await stub.ConfirmReservationAsync(new() { ReservationId = held.Reservation.ReservationId });

        Assert.That(confirmed.Reservation.State, Is.EqualTo(ReservationState.Confirmed));
        Assert.That(await Then.OnHand(sku), Is.EqualTo(3));
    }

    [Test]
    public async Task What_the_server_says_of_a_refusal_can_be_read()
    {
        var sku = await Given.Stock(onHand: 5);
        using var client = new InventoryClient(new() { Address = new Uri(Server.Ports.Grpc) });

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.Stock.RemoveInventoryFromLocationAsync(
                new()
                {
                    Sku = sku,
                    Warehouse = Given.MainWarehouse,
                    Quantity = 9,
                }
            )
        );

        var error = InventoryError.From(refused!)!;
        Assert.That((error.Code, error.Reason), Is.EqualTo((StatusCode.FailedPrecondition, "INSUFFICIENT_STOCK")));
        Assert.That((error.Metadata["removable"], error.RetryDelay), Is.EqualTo(("5", (TimeSpan?)null)));
        Assert.That(InventoryError.From(new RpcException(new(StatusCode.Unavailable, "no details"))), Is.Null);
    }

    [TestCase(new byte[] { 0xFF, 0xFF })]
    [TestCase(new byte[] { })]
    public void Details_that_are_none_are_no_error_of_the_server(byte[] details)
    {
        var trailers = new Metadata { { "grpc-status-details-bin", details } };

        Assert.That(InventoryError.From(new RpcException(new(StatusCode.Internal, ""), trailers)), Is.Null);
    }

    /// <summary>Who adds a call says by its name, or by a request id, whether it may be sent twice.</summary>
    [TestCaseSource(nameof(UnaryCalls))]
    public void Every_call_may_be_sent_again(object call)
    {
        var method = (MethodDescriptor)call;
        var request = (IMessage)Activator.CreateInstance(method.InputType.ClrType)!;

        Assert.That(RetryRules.IsRepeatable(new Named(method.Name), request), Is.True, $"{method.FullName}");
    }

    [Test]
    public void A_call_that_is_not_known_and_has_no_id_is_sent_again_only_when_it_was_not_tried()
    {
        var repeatable = RetryRules.IsRepeatable(new Named("PurgeEverything"), new GetInventoryRequest());

        Assert.That(repeatable, Is.False);
        Assert.That(RetryRules.IsWorthAnother(new(new(StatusCode.Unavailable, "")), repeatable), Is.False);
        Assert.That(RetryRules.IsWorthAnother(new(new(StatusCode.DeadlineExceeded, "")), repeatable), Is.False);
        Assert.That(RetryRules.IsWorthAnother(Errors.Faults.Overloaded.ToException(), repeatable), Is.True);
    }

    [Test]
    public void An_option_out_of_its_range_is_named()
    {
        InventoryClientOptions good = new() { Address = new Uri("http://localhost:1") };
        (InventoryClientOptions Options, string Name)[] wrong =
        [
            (good with { Address = new Uri("ftp://localhost") }, "Address"),
            (good with { Address = new Uri("/here", UriKind.Relative) }, "Address"),
            (good with { Deadline = TimeSpan.Zero }, "Deadline"),
            (good with { AttemptDeadline = TimeSpan.FromSeconds(-1) }, "AttemptDeadline"),
            (good with { AttemptsMax = 0 }, "AttemptsMax"),
            (good with { PauseMin = TimeSpan.Zero }, "PauseMin"),
            (good with { PauseMax = TimeSpan.FromMilliseconds(1) }, "PauseMax"),
            (good with { MessageBytesMax = 0 }, "MessageBytesMax"),
        ];

        foreach (var (options, name) in wrong)
        {
            var added = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddInventoryClient(options));
            Assert.That(added!.Message, Does.Contain($"InventoryClientOptions.{name} must be"));
        }
    }

    private sealed record Named(string Name) : IMethod
    {
        public MethodType Type => MethodType.Unary;

        public string ServiceName => "inventory.v1.Any";

        public string FullName => $"/{ServiceName}/{Name}";
    }
}
