using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class StatusTests
{
    [Test]
    public void The_codes_have_the_numbers_of_the_wire() =>
        Assert.That(
            Enum.GetNames<StatusCode>(),
            Is.EqualTo(
                new[]
                {
                    "OK",
                    "Cancelled",
                    "Unknown",
                    "InvalidArgument",
                    "DeadlineExceeded",
                    "NotFound",
                    "AlreadyExists",
                    "PermissionDenied",
                    "ResourceExhausted",
                    "FailedPrecondition",
                    "Aborted",
                    "OutOfRange",
                    "Unimplemented",
                    "Internal",
                    "Unavailable",
                    "DataLoss",
                    "Unauthenticated",
                }
            )
        );

    // An enum's constants are compiled into the libraries, so no reference shows a number that is wrong.
    [Test]
    public void The_other_numbers_are_those_that_the_libraries_were_compiled_with()
    {
        Assert.That(Enum.GetValues<StatusCode>().Select(code => (int)code), Is.EqualTo(Enumerable.Range(0, 17)));
        Assert.That(
            Enum.GetNames<MethodType>(),
            Is.EqualTo(new[] { "Unary", "ClientStreaming", "ServerStreaming", "DuplexStreaming" })
        );
        Assert.That(
            Enum.GetNames<ConnectivityState>(),
            Is.EqualTo(new[] { "Idle", "Connecting", "Ready", "TransientFailure", "Shutdown" })
        );
        Assert.That((int)MethodType.DuplexStreaming, Is.EqualTo(3));
        Assert.That((int)ConnectivityState.Shutdown, Is.EqualTo(4));
        Assert.That((int)WriteFlags.BufferHint, Is.EqualTo(1));
        Assert.That((int)WriteFlags.NoCompress, Is.EqualTo(2));
    }

    [Test]
    public void The_ready_made_ones_have_no_detail()
    {
        Assert.That(Status.DefaultSuccess, Is.EqualTo(new Status(StatusCode.OK, "")));
        Assert.That(Status.DefaultCancelled, Is.EqualTo(new Status(StatusCode.Cancelled, "")));
        Assert.That(default(Status).StatusCode, Is.EqualTo(StatusCode.OK));
    }

    [Test]
    public void Two_are_equal_when_code_detail_and_cause_are()
    {
        var cause = new InvalidOperationException();
        var status = new Status(StatusCode.Aborted, "stale", cause);
        var same = new Status(StatusCode.Aborted, "stale", cause);

        Assert.That(same, Is.EqualTo(status));
        Assert.That(same.GetHashCode(), Is.EqualTo(status.GetHashCode()));
        Assert.That(status, Is.Not.EqualTo(new Status(StatusCode.Internal, "stale", cause)));
        Assert.That(status, Is.Not.EqualTo(new Status(StatusCode.Aborted, "fresh", cause)));
        Assert.That(status, Is.Not.EqualTo(new Status(StatusCode.Aborted, "stale")));
    }

    [Test]
    public void It_reads_as_code_and_detail_and_as_its_cause_if_there_is_one()
    {
        Assert.That(
            new Status(StatusCode.NotFound, "no such item").ToString(),
            Is.EqualTo("Status(StatusCode=\"NotFound\", Detail=\"no such item\")")
        );
        Assert.That(
            new Status(StatusCode.Internal, "bug", new InvalidOperationException("odd")).ToString(),
            Is.EqualTo(
                "Status(StatusCode=\"Internal\", Detail=\"bug\", "
                    + "DebugException=\"System.InvalidOperationException: odd\")"
            )
        );
    }

    [Test]
    public void An_exception_carries_the_status_the_trailers_and_a_message()
    {
        var status = new Status(StatusCode.Unavailable, "away", new TimeoutException());
        var trailers = new Metadata { { "a", "1" } };

        var bare = new RpcException(status);
        Assert.That((bare.Status, bare.StatusCode), Is.EqualTo((status, StatusCode.Unavailable)));
        Assert.That(bare.Message, Is.EqualTo(status.ToString()));
        Assert.That(bare.Trailers, Is.Empty);
        Assert.That(bare.InnerException, Is.SameAs(status.DebugException));

        Assert.That(new RpcException(status, "words").Message, Is.EqualTo("words"));
        Assert.That(new RpcException(status, trailers).Message, Is.EqualTo(status.ToString()));
        Assert.That(new RpcException(status, trailers).Trailers, Is.SameAs(trailers));
        Assert.That(new RpcException(status, trailers, "words").Message, Is.EqualTo("words"));
        Assert.That(() => new RpcException(status, (Metadata)null!), Throws.ArgumentNullException);
    }
}
