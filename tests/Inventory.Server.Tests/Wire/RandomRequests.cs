using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inventory.Server.Tests.Wire;

/// <summary>Requests of random content, from a seed: the same seed gives the same requests.</summary>
internal sealed class RandomRequests(Random random)
{
    private const int DepthMax = 4;

    private static readonly string[] Texts =
    [
        "",
        "0",
        "-1",
        "null",
        "{}",
        "SKU-1",
        "a/b",
        "../..",
        "%00",
        "\0",
        "\ud83d\ude00",
        "\u202e",
        "'\"\\;--",
        "1e400",
        "2026-11-25T00:00:00Z",
        "00000000-0000-0000-0000-000000000000",
        new('x', 300),
    ];

    private static readonly long[] Numbers =
    [
        long.MinValue,
        int.MinValue,
        -1,
        0,
        1,
        2,
        int.MaxValue,
        1_000_000_000_000,
        1_000_000_000_001,
        long.MaxValue,
    ];

    /// <summary>A message with some of its fields set, each to something.</summary>
    internal IMessage Make(MessageDescriptor type, int depth = 0)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder().Where(_ => random.Next(3) > 0))
        {
            if (field.IsMap || (field.FieldType == FieldType.Message && depth == DepthMax))
            {
                continue;
            }

            if (field.IsRepeated)
            {
                var list = (System.Collections.IList)field.Accessor.GetValue(message);
                for (var i = random.Next(4); i > 0; i--)
                {
                    list.Add(
                        field.FieldType == FieldType.Enum
                            ? Enum.ToObject(field.EnumType.ClrType, Value(field, depth))
                            : Value(field, depth)
                    );
                }
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }

        return message;
    }

    /// <summary>The same with some bytes changed, left out or put in.</summary>
    internal byte[] Spoil(byte[] bytes)
    {
        var spoilt = bytes.ToList();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(spoilt.Count + 1);
            switch (random.Next(3))
            {
                case 0 when at < spoilt.Count:
                    spoilt[at] = (byte)random.Next(256);
                    break;
                case 1 when at < spoilt.Count:
                    spoilt.RemoveAt(at);
                    break;
                default:
                    spoilt.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. spoilt];
    }

    private object Value(FieldDescriptor field, int depth) =>
        field.FieldType switch
        {
            FieldType.String => Text(),
            FieldType.Int64 => Number(),
            FieldType.Int32 => unchecked((int)Number()),
            FieldType.Double => BitConverter.Int64BitsToDouble(random.NextInt64()),
            FieldType.Enum => random.Next(-1, 12),
            FieldType.Bool => random.Next(2) == 1,
            FieldType.Bytes => ByteString.CopyFromUtf8(Text()),
            FieldType.Message => Make(field.MessageType, depth + 1),
            _ => throw new NotSupportedException($"{field.FullName} is {field.FieldType}: say what it may be."),
        };

    private long Number() => random.Next(2) == 0 ? Numbers[random.Next(Numbers.Length)] : random.NextInt64(-10, 100);

    private string Text()
    {
        if (random.Next(4) > 0)
        {
            return Texts[random.Next(Texts.Length)];
        }

        var text = new StringBuilder();
        for (var i = random.Next(40); i > 0; i--)
        {
            // Whole characters: what is no text is made by spoiling bytes.
            text.Append((char)random.Next(1, 0xd800));
        }

        return text.ToString();
    }
}
