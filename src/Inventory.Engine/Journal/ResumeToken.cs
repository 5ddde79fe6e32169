using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Inventory.Engine.Journal;

/// <summary>
/// A cursor as a watcher carries it: opaque text, good for what was watched when it was given. Anybody may have made it
/// up, so what the database can't take is none.
/// </summary>
internal static class ResumeToken
{
    private const byte Format = 1;
    private const int HeadSize = 1 + sizeof(long);

    /// <param name="cursor">All that it has read has been told.</param>
    /// <param name="watched">The fingerprint of what is watched.</param>
    internal static string Write(JournalCursor cursor, long watched)
    {
        var text = cursor.ToString();
        var bytes = new byte[HeadSize + text.Length];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), watched);
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(HeadSize));
        return Base64Url.EncodeToString(bytes);
    }

    internal static bool TryRead(string token, long watched, [NotNullWhen(true)] out JournalCursor? cursor)
    {
        cursor = null;
        if (!Base64Url.IsValid(token, out var size) || size < HeadSize)
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (
            bytes[0] != Format
            || BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)) != watched
            || !JournalCursor.TryParse(Encoding.ASCII.GetString(bytes.AsSpan(HeadSize)), out var read)
        )
        {
            return false;
        }

        cursor = read;
        return JournalSnapshot.TryParse(read.Snapshot, out _)
            && (read.Pass is null || JournalSnapshot.TryParse(read.Pass.Upper, out _));
    }
}
