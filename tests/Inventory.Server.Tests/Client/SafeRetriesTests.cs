using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inventory.Client;
using Inventory.Server.Errors;
using Inventory.V1;
using NUnit.Framework;
using Status = Grpc.Core.Status;

namespace Inventory.Server.Tests.Client;

[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SafeRetriesTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(400);

    private ScriptedServer server = null!;

    [SetUp]
    public async Task Start() => server = await ScriptedServer.StartAsync();

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task A_call_that_is_repeated_has_one_request_id_and_the_next_call_another()
    {
        using var client = Client();
        server.Script = Fails(StatusCode.Unavailable, times: 2);
        var order = new ReserveInventoryRequest();

        var answer = await client.Reservations.ReserveInventoryAsync(order);
        await client.Reservations.ReserveInventoryAsync(order);

        Assert.That(server.Asked.Select(a => a.RequestId).Distinct().Count(), Is.EqualTo(2));
        Assert.That(server.Asked.Take(3).Select(a => a.RequestId), Is.All.EqualTo(answer.Reservation.RequestId));
        Assert.That(answer.Reservation.RequestId, Has.Length.EqualTo(32));
        Assert.That(order.RequestId, Is.Empty, "the caller's message is the caller's");
    }

    [Test]
    public async Task A_request_id_of_the_callers_own_is_kept()
    {
        using var client = Client();
        server.Script = Fails(StatusCode.Unavailable, times: 1);

        await client.Reservations.ReserveInventoryAsync(new() { RequestId = "order-7" });

        Assert.That(server.Asked.Select(a => a.RequestId), Is.EqualTo(new[] { "order-7", "order-7" }));
    }

    [Test]
    public async Task An_overloaded_server_is_asked_again_when_it_said()
    {
        using var client = Client();
        server.Script = (attempt, _) => attempt == 1 ? throw Overloaded(Delay).ToException() : Task.CompletedTask;
        var since = Stopwatch.GetTimestamp();

        await client.Reservations.ReserveInventoryAsync(new());

        Assert.That(Stopwatch.GetElapsedTime(since), Is.GreaterThanOrEqualTo(Delay * 0.95));
        Assert.That(server.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_delay_beyond_the_deadline_is_not_waited_for()
    {
        using var client = Client();
        server.Script = (_, _) => throw Overloaded(TimeSpan.FromMinutes(1)).ToException();

        var refused = await Refused(client);

        Assert.That((refused.StatusCode, server.Asked.Count), Is.EqualTo((StatusCode.ResourceExhausted, 1)));
    }

    [Test]
    public async Task An_attempt_that_hangs_is_given_up_and_repeated_with_its_id()
    {
        using var client = Client(new() { Address = server.Address, AttemptDeadline = TimeSpan.FromMilliseconds(300) });
        server.Script = async (attempt, context) =>
        {
            if (attempt == 1)
            {
                await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
            }
        };

        await client.Reservations.ReserveInventoryAsync(new());

        Assert.That(server.Asked.Select(a => a.RequestId).Distinct(), Has.Exactly(1).Items);
        Assert.That(server.Asked, Has.Count.EqualTo(2));
    }

    [TestCase(StatusCode.FailedPrecondition)]
    [TestCase(StatusCode.InvalidArgument)]
    [TestCase(StatusCode.Aborted)]
    [TestCase(StatusCode.AlreadyExists)]
    [TestCase(StatusCode.NotFound)]
    [TestCase(StatusCode.PermissionDenied)]
    [TestCase(StatusCode.Unimplemented)]
    [TestCase(StatusCode.ResourceExhausted)]
    public async Task A_definite_answer_is_not_asked_for_again(StatusCode code)
    {
        using var client = Client();
        server.Script = Fails(code, times: 9);

        var refused = await Refused(client);

        Assert.That((refused.StatusCode, server.Asked.Count), Is.EqualTo((code, 1)));
    }

    [TestCase(StatusCode.Internal)]
    [TestCase(StatusCode.Unknown)]
    [TestCase(StatusCode.Cancelled)]
    public async Task An_outcome_that_nobody_knows_is_asked_for_again_unless_the_server_itself_gave_it(StatusCode code)
    {
        using var client = Client();
        server.Script = (attempt, _) =>
            attempt switch
            {
                1 => throw new RpcException(new Status(code, "from something on the way")),
                2 => throw new ApiError(code, "INTERNAL", "The server's own.").ToException(),
                _ => Task.CompletedTask,
            };

        var refused = await Refused(client);

        Assert.That((refused.StatusCode, server.Asked.Count), Is.EqualTo((code, 2)));
        Assert.That(InventoryError.From(refused)!.Message, Is.EqualTo("The server's own."));
    }

    [Test]
    public async Task The_number_of_attempts_is_bounded_and_the_last_failure_is_told()
    {
        using var client = Client(
            new()
            {
                Address = server.Address,
                AttemptsMax = 3,
                PauseMin = TimeSpan.FromMilliseconds(1),
            }
        );
        server.Script = Fails(StatusCode.Unavailable, times: 99);

        var refused = await Refused(client);

        Assert.That((refused.StatusCode, server.Asked.Count), Is.EqualTo((StatusCode.Unavailable, 3)));
        Assert.That(refused.Status.Detail, Is.EqualTo("attempt 3"));
    }

    [Test]
    public async Task A_call_ends_by_its_deadline_with_the_failure_that_it_met()
    {
        using var client = Client(
            new()
            {
                Address = server.Address,
                AttemptsMax = 100,
                Deadline = TimeSpan.FromSeconds(1),
            }
        );
        server.Script = Fails(StatusCode.Unavailable, times: 999);
        var since = Stopwatch.GetTimestamp();

        var refused = await Refused(client);

        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(refused.StatusCode, Is.AnyOf(StatusCode.Unavailable, StatusCode.DeadlineExceeded));
        Assert.That(server.Asked, Has.Count.GreaterThan(2));
    }

    [Test]
    public async Task A_deadline_of_the_callers_own_goes_before_that_of_the_options()
    {
        using var client = Client();
        var own = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1);

        await client.Reservations.ReserveInventoryAsync(new());
        var byDefault = server.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
        await client.Reservations.ReserveInventoryAsync(new(), deadline: own);

        Assert.That(byDefault, Is.InRange(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3.1)));
        Assert.That(server.Deadline, Is.EqualTo(own).Within(TimeSpan.FromMilliseconds(500)));
    }

    [Test]
    public async Task A_caller_that_leaves_between_two_attempts_ends_them()
    {
        using var client = Client();
        using var leaving = new CancellationTokenSource();
        server.Script = async (_, _) =>
        {
            await leaving.CancelAsync();
            throw Overloaded(TimeSpan.FromSeconds(5)).ToException();
        };

        var left = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.Reservations.ReserveInventoryAsync(new(), cancellationToken: leaving.Token)
        );

        Assert.That((left!.StatusCode, server.Asked.Count), Is.EqualTo((StatusCode.Cancelled, 1)));
    }

    [Test]
    public async Task A_call_that_is_disposed_is_cancelled()
    {
        using var client = Client();
        var cancelled = new TaskCompletionSource();
        server.Script = (_, context) =>
        {
            context.CancellationToken.Register(cancelled.SetResult);
            return cancelled.Task;
        };

        var call = client.Reservations.ReserveInventoryAsync(new());
        await Inventory.Testing.Eventually.TrueAsync(() => server.Asked.Count == 1);
        call.Dispose();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var left = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.That(left!.StatusCode, Is.EqualTo(StatusCode.Cancelled));
    }

    [Test]
    public async Task Status_headers_and_trailers_are_those_of_the_last_attempt()
    {
        using var client = Client();
        server.Script = async (attempt, context) =>
        {
            await context.WriteResponseHeadersAsync(new() { { "attempt", $"{attempt}" } });
            context.ResponseTrailers.Add("attempt", $"{attempt}");
            await Fails(StatusCode.Unavailable, times: 1)(attempt, context);
        };

        using var call = client.Reservations.ReserveInventoryAsync(new());
        await call;

        Assert.That((await call.ResponseHeadersAsync).GetValue("attempt"), Is.EqualTo("2"));
        Assert.That(
            (call.GetTrailers().GetValue("attempt"), call.GetStatus()),
            Is.EqualTo(("2", Status.DefaultSuccess))
        );
    }

    [Test]
    public void A_call_that_blocks_is_repeated_too()
    {
        using var client = Client();
        server.Script = Fails(StatusCode.Unavailable, times: 2);

        client.Reservations.ReserveInventory(new());

        Assert.That(server.Asked.Select(a => a.RequestId).Distinct(), Has.Exactly(1).Items);
        Assert.That(server.Asked, Has.Count.EqualTo(3));
    }

    private InventoryClient Client(InventoryClientOptions? options = null) =>
        new(options ?? new() { Address = server.Address });

    private static Func<int, ServerCallContext, Task> Fails(StatusCode code, int times) =>
        (attempt, _) =>
            attempt <= times ? throw new RpcException(new Status(code, $"attempt {attempt}")) : Task.CompletedTask;

    private static ApiError Overloaded(TimeSpan delay) =>
        new(
            StatusCode.ResourceExhausted,
            "OVERLOADED",
            "Too many.",
            details: new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }
        );

    private static async Task<RpcException> Refused(InventoryClient client) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await client.Reservations.ReserveInventoryAsync(new())))!;
}
