using System.Reflection;
using System.Text.RegularExpressions;
using Inventory.Engine.Database;

namespace Inventory.Engine.Tests.Database;

/// <summary>One statement of the product: a part of a <c>Sql</c> constant, its parameters numbered.</summary>
/// <param name="Name">What its first line names it.</param>
/// <param name="Text">With <c>$1</c> for the first parameter's name.</param>
/// <param name="ParameterCount">How many parameters.</param>
internal sealed partial record Statement(string Name, string Text, int ParameterCount)
{
    /// <summary>Every statement of every <c>Sql</c> constant of the engine and the server.</summary>
    internal static IReadOnlyList<Statement> All { get; } =
    [.. new[] { typeof(Cell).Assembly, typeof(Server.Embedded.EmbeddedServers).Assembly }.SelectMany(Of)];

    public override string ToString() => Name;

    private static IEnumerable<Statement> Of(Assembly assembly) =>
        assembly
            .GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(f => f.IsLiteral && f.Name.EndsWith("Sql", StringComparison.Ordinal))
            .Select(f => (string)f.GetRawConstantValue()!)
            .SelectMany(text => Head().Split(text).Where(part => part.Trim().Length > 0))
            .Select(part => Number(part.Trim().TrimEnd(';')));

    private static Statement Number(string text)
    {
        var names = new List<string>();
        var numbered = Parameter()
            .Replace(
                text,
                match =>
                {
                    if (!names.Contains(match.Value))
                    {
                        names.Add(match.Value);
                    }

                    return $"${names.IndexOf(match.Value) + 1}";
                }
            );
        return new(text.Split('\n')[0].TrimStart('-', ' '), numbered, names.Count);
    }

    [GeneratedRegex(@"(?=^-- [a-z_]+\.[a-z_]+$)", RegexOptions.Multiline)]
    private static partial Regex Head();

    [GeneratedRegex(@"(?<!@)@\w+")]
    private static partial Regex Parameter();
}
