using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class CallOptionsTests
{
    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void Each_change_is_made_in_a_copy()
    {
        using var cancellation = new CancellationTokenSource();
        var headers = new Metadata();
        var writing = new WriteOptions(WriteFlags.NoCompress);
        var credentials = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        var none = new CallOptions();

        var all = none.WithHeaders(headers)
            .WithDeadline(Noon)
            .WithCancellationToken(cancellation.Token)
            .WithWriteOptions(writing)
            .WithCredentials(credentials)
            .WithWaitForReady();

        Assert.That(
            (all.Headers, all.Deadline, all.CancellationToken, all.WriteOptions, all.Credentials, all.IsWaitForReady),
            Is.EqualTo((headers, Noon, cancellation.Token, writing, credentials, true))
        );
        Assert.That(none, Is.EqualTo(default(CallOptions)));
        Assert.That(all.WithWaitForReady(false).IsWaitForReady, Is.False);
        Assert.That(all.WithWaitForReady(false).Deadline, Is.EqualTo(Noon));
    }

    [Test]
    public void The_constructor_takes_what_the_changes_set()
    {
        using var cancellation = new CancellationTokenSource();
        var headers = new Metadata();

        var options = new CallOptions(headers, Noon, cancellation.Token, WriteOptions.Default);

        Assert.That(options.Headers, Is.SameAs(headers));
        Assert.That(options.Deadline, Is.EqualTo(Noon));
        Assert.That(options.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(options.WriteOptions!.Flags, Is.EqualTo(default(WriteFlags)));
        Assert.That(options.PropagationToken, Is.Null);
        Assert.That(options.Credentials, Is.Null);
        Assert.That(options.IsWaitForReady, Is.False);
    }

    [Test]
    public void What_a_call_takes_over_is_all_unless_it_is_said_otherwise()
    {
        var all = ContextPropagationOptions.Default;
        var deadline = new ContextPropagationOptions(propagateCancellation: false);

        Assert.That((all.IsPropagateDeadline, all.IsPropagateCancellation), Is.EqualTo((true, true)));
        Assert.That((deadline.IsPropagateDeadline, deadline.IsPropagateCancellation), Is.EqualTo((true, false)));
    }
}
