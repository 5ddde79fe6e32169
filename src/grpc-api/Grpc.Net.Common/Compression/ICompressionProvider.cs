using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>A way to compress messages, under the name that <c>grpc-encoding</c> gives it.</summary>
public interface ICompressionProvider
{
    string EncodingName { get; }

    /// <param name="stream">Where the compressed bytes go; it stays open.</param>
    /// <param name="compressionLevel">Null for the provider's own.</param>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <param name="stream">Where the compressed bytes come from; it stays open.</param>
    Stream CreateDecompressionStream(Stream stream);
}
