using System.IO.Compression;
using System.Text;
using Grpc.Net.Compression;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class CompressionTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("stock ", 500)));

    private static readonly ICompressionProvider[] Providers =
    [
        new GzipCompressionProvider(CompressionLevel.Fastest),
        new DeflateCompressionProvider(CompressionLevel.Fastest),
    ];

    [TestCaseSource(nameof(Providers))]
    public void What_is_compressed_is_smaller_and_comes_back_the_same(ICompressionProvider provider)
    {
        foreach (var level in new CompressionLevel?[] { null, CompressionLevel.SmallestSize })
        {
            var compressed = Compress(provider, level);

            using var back = new MemoryStream();
            using (var stream = provider.CreateDecompressionStream(new MemoryStream(compressed)))
                stream.CopyTo(back);
            Assert.That(back.ToArray(), Is.EqualTo(Text));
            Assert.That(compressed, Has.Length.LessThan(Text.Length / 10));
        }
    }

    [TestCaseSource(nameof(Providers))]
    public void The_streams_beneath_stay_open(ICompressionProvider provider)
    {
        using var beneath = new MemoryStream();

        provider.CreateCompressionStream(beneath, null).Dispose();
        Assert.That(beneath.CanWrite, Is.True);
        provider.CreateDecompressionStream(beneath).Dispose();
        Assert.That(beneath.CanRead, Is.True);
    }

    [TestCaseSource(nameof(Providers))]
    public void A_level_that_is_given_counts_before_the_providers_own(ICompressionProvider provider) =>
        Assert.That(Compress(provider, CompressionLevel.NoCompression), Has.Length.GreaterThan(Text.Length));

    [Test]
    public void The_providers_own_level_counts_when_none_is_given() =>
        Assert.That(
            Compress(new GzipCompressionProvider(CompressionLevel.NoCompression), null),
            Has.Length.GreaterThan(Text.Length)
        );

    [Test]
    public void The_names_and_formats_are_those_of_http()
    {
        var gzip = Providers[0];
        var deflate = Providers[1];

        Assert.That(gzip.EncodingName, Is.EqualTo("gzip"));
        Assert.That(Compress(gzip, null).Take(2), Is.EqualTo(new byte[] { 0x1F, 0x8B }));
        Assert.That(deflate.EncodingName, Is.EqualTo("deflate"));
        Assert.That(Compress(deflate, null)[0], Is.EqualTo(0x78), "the head of zlib, RFC 1950");
    }

    private static byte[] Compress(ICompressionProvider provider, CompressionLevel? level)
    {
        using var compressed = new MemoryStream();
        using (var stream = provider.CreateCompressionStream(compressed, level))
            stream.Write(Text);
        return compressed.ToArray();
    }
}
