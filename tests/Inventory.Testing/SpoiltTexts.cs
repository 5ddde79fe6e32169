using System.Text;

namespace Inventory.Testing;

/// <summary>
/// Texts that are nearly as they should be, from a seed: an example with pieces changed, left out, doubled, and taken
/// from others; and, now and then, no more than bytes.
/// </summary>
/// <param name="random">From the seed.</param>
/// <param name="examples">Whole ones.</param>
/// <param name="pieces">What means something to who reads them.</param>
public sealed class SpoiltTexts(Random random, IReadOnlyList<string> examples, IReadOnlyList<string> pieces)
{
    private const int RawMax = 64;
    private const int TurnsMax = 6;
    private const int RepeatMax = 400;

    public string Next()
    {
        if (random.Next(8) == 0)
        {
            return Raw();
        }

        var text = new StringBuilder(Example());
        for (var turns = random.Next(TurnsMax); turns > 0; turns--)
        {
            Turn(text);
        }

        return text.ToString();
    }

    private void Turn(StringBuilder text)
    {
        var at = random.Next(text.Length + 1);
        var length = random.Next(Math.Min(8, text.Length - at) + 1);
        switch (random.Next(9))
        {
            case 0 when at < text.Length:
                text[at] = (char)('0' + random.Next(10));
                break;
            case 1 when at < text.Length:
                text[at] = (char)random.Next(1, 128);
                break;
            case 2:
                text.Remove(at, length);
                break;
            case 3:
                text.Insert(at, text.ToString(at, length));
                break;
            case 4:
                text.Insert(at, Example());
                break;
            case 5:
                text.Length = at;
                break;
            case 6 when random.Next(20) == 0:
                text.Insert(at, Piece(), random.Next(RepeatMax));
                break;
            case 7:
                text.Insert(at, (char)random.Next(0x10000));
                break;
            default:
                text.Insert(at, Piece());
                break;
        }
    }

    private string Example() => examples[random.Next(examples.Count)];

    private string Piece() => pieces[random.Next(pieces.Count)];

    /// <summary>Bytes as a text, halves of characters among them.</summary>
    private string Raw() =>
        string.Create(
            random.Next(RawMax),
            random,
            static (text, random) =>
            {
                foreach (ref var c in text)
                {
                    c = (char)random.Next(random.Next(3) == 0 ? 0x10000 : 0x100);
                }
            }
        );
}
