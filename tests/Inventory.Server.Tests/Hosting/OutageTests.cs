using Google.Rpc;
using Grpc.Core;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Hosting;

/// <summary>On a PostgreSQL of its own, to be killed.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class OutageTests
{
    [Test]
    public async Task While_the_database_is_away_calls_are_UNAVAILABLE_and_afterwards_the_same_request_is_served()
    {
        await using var cluster = await TestCluster.StartAsync();
        // Not dropped: it goes with its cluster.
        var database = await cluster.CreateDatabaseAsync();
        await using var server = await HostedServer.StartAsync(database.ConnectionString);
        var serving = server.Part<Server.Health.ServingState>();
        await Eventually.TrueAsync(() => serving.Now.Serving);
        var order = new ReserveInventoryRequest
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine { Sku = await new Given(database.Tables).Stock(onHand: 1), Quantity = 1 },
            },
        };

        // Where this caller calls from is known from here on: the first call of all could not even be noted.
        await StreamAsync(server, Unknown());
        await cluster.Postgres.KillAsync();
        var away = new Refusal(
            (
                await Assert.ThrowsAsync<RpcException>(async () =>
                    await server.Reservations.ReserveInventoryAsync(order)
                )
            )!
        );
        var streamed = await StreamAsync(server, order);
        await Eventually.TrueAsync(() => !serving.Now.Serving);
        await cluster.Postgres.StartAgainAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => serving.Now.Serving);
        var answer = await server.Reservations.ReserveInventoryAsync(order);

        Assert.That(away.Code, Is.EqualTo(StatusCode.Unavailable));
        Assert.That(away.Reason, Is.EqualTo("DATABASE_UNAVAILABLE"));
        Assert.That(away.Detail<RetryInfo>().RetryDelay.Seconds, Is.EqualTo(1));
        Assert.That(streamed.Error.Code, Is.EqualTo((int)Code.Unavailable));
        Assert.That(answer.Reservation.State, Is.EqualTo(ReservationState.Held));
        Assert.That(server.Log.Alarms, Is.Empty);
    }

    private static ReserveInventoryRequest Unknown() =>
        new()
        {
            RequestId = Some.RequestId(),
            Lines =
            {
                new ReserveLine { Sku = Some.Sku(), Quantity = 1 },
            },
        };

    private static async Task<ReserveInventoryStreamResponse> StreamAsync(
        HostedServer server,
        ReserveInventoryRequest order
    )
    {
        using var call = server.Reservations.ReserveInventoryStream();
        await call.RequestStream.WriteAsync(new() { Reserve = order });
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext();
        return call.ResponseStream.Current;
    }
}
