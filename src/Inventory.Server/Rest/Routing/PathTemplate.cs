namespace Inventory.Server.Rest.Routing;

/// <summary>
/// A path of <c>google.api.http</c>: <c>/v1/items/{item}:verb</c>. A variable takes one segment, or what it says behind
/// its name: <c>{name=shelves/*}</c>, <c>{name=**}</c>.
/// </summary>
internal sealed class PathTemplate : IComparable<PathTemplate>
{
    private const string One = "*";
    private const string Rest = "**";

    /// <summary>Literals, and <see cref="One"/> or, at the end, <see cref="Rest"/>.</summary>
    private readonly List<string> segments = [];

    private readonly List<Variable> variables = [];
    private readonly string? verb;

    /// <param name="text">As the proto has it.</param>
    /// <exception cref="FormatException">It is no template.</exception>
    public PathTemplate(string text)
    {
        Text = text;
        var colon = text.IndexOf(':', text.LastIndexOfAny(['/', '}']) + 1);
        verb = colon < 0 ? null : text[(colon + 1)..];
        var path = colon < 0 ? text : text[..colon];
        if (path is not ['/', ..])
        {
            throw new FormatException($"{text} does not begin with a slash.");
        }

        for (var at = 1; at < path.Length; at++)
        {
            var variable = path[at] == '{';
            var end = path.IndexOf(variable ? '}' : '/', at);
            end = end >= 0 ? end : path.Length;
            if (variable)
            {
                AddVariable(path[(at + 1)..end]);
                at = end + 1;
            }
            else
            {
                segments.Add(path[at..end]);
                at = end;
            }
        }

        if (
            segments.Count == 0
            || segments.Contains("")
            || segments.IndexOf(Rest) is var rest && rest >= 0 && rest < segments.Count - 1
        )
        {
            throw new FormatException($"{text} has an empty segment, or one behind **.");
        }
    }

    /// <summary>As the proto has it.</summary>
    public string Text { get; }

    /// <summary>In the order of their segments.</summary>
    public IReadOnlyList<Variable> Variables => variables;

    /// <summary>The path as OpenAPI writes it: variables by names alone.</summary>
    /// <param name="names">Of the variables, in their order.</param>
    public string OpenApiPath(IReadOnlyList<string> names)
    {
        var path = Text;
        for (var i = 0; i < names.Count; i++)
        {
            path = path.Replace($"{{{variables[i].Text}}}", $"{{{names[i]}}}", StringComparison.Ordinal);
        }

        return path;
    }

    /// <summary>Two templates of one shape take the same paths.</summary>
    public string Shape => $"{string.Join('/', segments)}:{verb}";

    /// <param name="FieldPath">The request's field, as the proto names it.</param>
    /// <param name="Start">Its first segment.</param>
    /// <param name="Count">How many segments it has; null: all that are left.</param>
    /// <param name="Text">What stands between its braces.</param>
    internal sealed record Variable(string FieldPath, int Start, int? Count, string Text);

    /// <summary>The values of the variables, decoded, if the path is of this shape.</summary>
    public string[]? Match(RequestPath path)
    {
        var asked = path.Segments;
        var open = segments[^1] == Rest;
        var last = asked[^1];
        if (
            (open ? asked.Count < segments.Count - 1 : asked.Count != segments.Count)
            || (verb is not null && !path.TryCutVerb(verb, out last!))
        )
        {
            return null;
        }

        for (var i = 0; i < segments.Count - (open ? 1 : 0); i++)
        {
            var segment = i == asked.Count - 1 ? last : asked[i];
            if (segments[i] == One ? segment.Length == 0 : segments[i] != segment)
            {
                return null;
            }
        }

        string[] all = [.. asked.Take(asked.Count - 1), last];
        return [.. variables.Select(v => string.Join('/', all.Skip(v.Start).Take(v.Count ?? all.Length)))];
    }

    /// <summary>What is tried first comes first: literals before variables, a verb before none.</summary>
    public int CompareTo(PathTemplate? other)
    {
        for (var i = 0; i < Math.Min(segments.Count, other!.segments.Count); i++)
        {
            if (Looseness(segments[i]) - Looseness(other.segments[i]) is var difference and not 0)
            {
                return difference;
            }
        }

        return other.segments.Count - segments.Count is var longer and not 0
            ? longer
            : (verb is null ? 1 : 0) - (other.verb is null ? 1 : 0);
    }

    public override string ToString() => Text;

    private static int Looseness(string segment) =>
        segment switch
        {
            Rest => 2,
            One => 1,
            _ => 0,
        };

    private void AddVariable(string text)
    {
        var parts = text.Split('=', 2);
        var taken = parts is [_, var pattern] ? pattern.Split('/') : [One];
        variables.Add(new(parts[0], segments.Count, taken is [.., Rest] ? null : taken.Length, text));
        segments.AddRange(taken);
    }
}
