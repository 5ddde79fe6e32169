using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Inventory.Server.Hosting;

/// <summary>
/// gzip that stops unpacking at the message limit. gRPC judges the size of a message as it was sent, and 128 KiB of
/// gzip can unpack to a hundred megabytes.
/// </summary>
internal sealed class BoundedGzip(CompressionLevel level, int bytesMax) : ICompressionProvider
{
    public string EncodingName => "gzip";

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? level, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream) =>
        new BoundedStream(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true), bytesMax);

    private sealed class BoundedStream(Stream inner, int bytesMax) : Stream
    {
        private long read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => read;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer);
            read += count;
            return read <= bytesMax
                ? count
                : throw new RpcException(
                    new(StatusCode.ResourceExhausted, $"The message unpacks to more than {bytesMax} bytes.")
                );
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
