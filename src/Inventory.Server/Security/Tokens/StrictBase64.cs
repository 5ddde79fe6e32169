using System.Buffers;
using System.Buffers.Text;

namespace Inventory.Server.Security.Tokens;

/// <summary>
/// base64url as RFC 7515 has it: no padding, no white space, no other letters, and one text only for any bytes. A
/// decoder that overlooks any of that lets one token stand as many.
/// </summary>
internal static class StrictBase64
{
    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <returns>Null: it is not such a text, or an empty one.</returns>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet))
        {
            return null;
        }

        // The last letter may carry bits that no byte takes; the decoder sees to it that they are zero.
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var count) == OperationStatus.Done
            ? bytes[..count]
            : null;
    }
}
