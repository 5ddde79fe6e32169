using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One header or trailer. Neither its key nor its value ever changes.</summary>
    public sealed class Entry
    {
        private static readonly SearchValues<char> LegalInKey = SearchValues.Create(
            "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
        );

        // Exactly one of the two is there.
        private readonly string? value;
        private readonly byte[]? bytes;

        /// <param name="key">Letters, digits, dots, dashes, underscores; ends in "-bin"; kept in lower case.</param>
        /// <param name="valueBytes">Copied.</param>
        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            if (!IsBinaryKey(Key))
                Throw.Argument("The key of a binary value must end in \"-bin\".", nameof(key));
            ArgumentNullException.ThrowIfNull(valueBytes);
            bytes = valueBytes.AsSpan().ToArray();
        }

        /// <param name="key">Letters, digits, dots, dashes, underscores; kept in lower case.</param>
        /// <param name="value">ASCII text.</param>
        public Entry(string key, string value)
        {
            Key = Normalize(key);
            if (IsBinaryKey(Key))
                Throw.Argument("The key of a text value must not end in \"-bin\".", nameof(key));
            ArgumentNullException.ThrowIfNull(value);
            this.value = value;
        }

        public string Key { get; }

        public bool IsBinary => value is null;

        /// <exception cref="InvalidOperationException">The value is binary.</exception>
        public string Value
        {
            get
            {
                if (value is null)
                    Throw.InvalidOperation("A binary value cannot be read as text.");
                return value!;
            }
        }

        /// <summary>A copy of the bytes, or the text as ASCII.</summary>
        public byte[] ValueBytes => bytes is null ? Encoding.ASCII.GetBytes(value!) : bytes.AsSpan().ToArray();

        public override string ToString() =>
            bytes is null
                ? $"[Entry: key={Key}, value={value}]"
                : $"[Entry: key={Key}, valueBytes={Convert.ToHexString(bytes)}]";

        internal bool HasKey(string key) => Key.Equals(key, StringComparison.OrdinalIgnoreCase);

        private static bool IsBinaryKey(string key) => key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        // A key that is in lower case already, as all are that come over HTTP/2, is kept as it is.
        private static string Normalize(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(LegalInKey))
                Throw.Argument($"\"{key}\" is no key: letters, digits, '.', '-' and '_' are.", nameof(key));
            return key.AsSpan().ContainsAnyInRange('A', 'Z') ? key.ToLowerInvariant() : key;
        }
    }
}
