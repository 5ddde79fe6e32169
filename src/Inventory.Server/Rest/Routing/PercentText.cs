using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Inventory.Server.Rest.Routing;

/// <summary>
/// Percent encoding, strictly: where the framework leaves what it cannot decode as it is, a mistake would become data.
/// </summary>
internal static class PercentText
{
    /// <param name="raw">As it was sent.</param>
    /// <param name="decoded">Null when it is not well encoded, or not UTF-8.</param>
    public static bool TryDecode(string raw, [NotNullWhen(true)] out string? decoded)
    {
        decoded = raw;
        if (!raw.Contains('%') && Ascii.IsValid(raw))
        {
            return true;
        }

        var bytes = Encoding.UTF8.GetBytes(raw);
        var count = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '%')
            {
                bytes[count++] = bytes[i];
            }
            else if (
                i + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[i + 1])
                && char.IsAsciiHexDigit((char)bytes[i + 2])
            )
            {
                bytes[count++] = Convert.FromHexString(Encoding.ASCII.GetString(bytes, i + 1, 2))[0];
                i += 2;
            }
            else
            {
                return false;
            }
        }

        decoded = Encoding.UTF8.GetString(bytes, 0, count);
        return Utf8.IsValid(bytes.AsSpan(0, count));
    }
}
