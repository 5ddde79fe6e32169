using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class StreamTests
{
    private static readonly string[] Messages = ["a", "b"];

    [Test]
    public async Task A_stream_is_read_to_its_end()
    {
        var read = new List<string>();

        await foreach (var message in new ListReader<string>(Messages).ReadAllAsync())
            read.Add(message);

        Assert.That(read, Is.EqualTo(Messages));
    }

    [Test]
    public void Reading_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var read = new List<string>();

        async Task Read()
        {
            await foreach (var message in new ListReader<string>(Messages).ReadAllAsync(cancellation.Token))
            {
                read.Add(message);
                await cancellation.CancelAsync();
            }
        }

        Assert.That(Read, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(read, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_stream_is_read_without_a_token()
    {
        var reader = new ListReader<string>(["a"]);

        Assert.That(await reader.MoveNext(), Is.True);
        Assert.That(reader.Current, Is.EqualTo("a"));
        Assert.That(await reader.MoveNext(), Is.False);
    }

    [Test]
    public void Null_is_no_stream()
    {
        IAsyncStreamReader<string> none = null!;

        Assert.That(() => none.MoveNext(), Throws.ArgumentNullException);
        Assert.That(() => none.ReadAllAsync(), Throws.ArgumentNullException);
    }

    [Test]
    public async Task A_writer_that_knows_no_cancellation_refuses_a_token_that_may_fire()
    {
        using var cancellation = new CancellationTokenSource();
        var list = new ListWriter<string>();
        IAsyncStreamWriter<string> writer = list;

        await writer.WriteAsync("a", CancellationToken.None);

        Assert.That(() => writer.WriteAsync("b", cancellation.Token), Throws.TypeOf<NotSupportedException>());
        Assert.That(list.Written, Is.EqualTo(new[] { "a" }));
    }
}
