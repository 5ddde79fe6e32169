using System.Text.RegularExpressions;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>What is changed is written with who, under which scope, from where, and under which trace.</summary>
internal static partial class AuditRules
{
    // What the server does by itself has no caller: its actor says so, and origin and trace stay empty.
    private static readonly string[] Jobs =
    [
        "src/Inventory.Engine/Expiry/ExpireHolds.cs",
        "src/Inventory.Engine/Reservations/Waiting/GrantStatement.cs",
        "src/Inventory.Engine/Reservations/Waiting/SettleWaiting.cs",
    ];

    public static IEnumerable<TidyRule> All => [Whole];

    private static TidyRule Whole =>
        new("Rows of journal and mutation have actor, origin and trace", TidyRule.Each(PartlyKept))
        {
            Bad =
            [
                Sample.Engine("class A { string B = \"INSERT INTO journal (at, kind, actor) SELECT 1\"; }"),
                Sample.Engine("class A { string B = \"INSERT INTO journal (at, kind, actor, origin) SELECT 1\"; }"),
                Sample.Engine("class A { string B = \"INSERT INTO journal (at, kind, actor, trace) SELECT 1\"; }"),
                Sample.Engine(
                    "class A { string B = \"WITH a AS (INSERT INTO journal (at, origin, trace) SELECT 1)\"; }"
                ),
                Sample.Engine("class A { string B = \"INSERT INTO mutation (at, operation, target) SELECT 1\"; }"),
                Sample.Engine("class A { string B = \"INSERT INTO journal SELECT 1\"; }"),
            ],
            Good =
            [
                Sample.Engine("class A { string B = \"INSERT INTO journal (at, actor, origin, trace) SELECT 1\"; }"),
                Sample.Engine("class A { string B = \"INSERT INTO stock (item_id) SELECT 1\"; }"),
                Sample.At(Jobs[0], "class A { string B = \"INSERT INTO journal (at, kind, actor) SELECT 1\"; }"),
                Sample.Test("class A { string B = \"INSERT INTO journal (at, kind, actor) SELECT 1\"; }"),
            ],
        };

    private static IEnumerable<Finding> PartlyKept(SourceFile file) =>
        !file.IsEngine || Jobs.Contains(file.Path)
            ? []
            : SqlText
                .Literals(file)
                .SelectMany(l =>
                    Insert()
                        .Matches(l.Token.ValueText)
                        .Where(m => !IsWhole(m.Groups["columns"].Value))
                        .Select(m => file.At(l, m.Value))
                );

    private static bool IsWhole(string columns)
    {
        var names = columns.Split(',', StringSplitOptions.TrimEntries);
        return names.Contains("actor") && names.Contains("origin") && names.Contains("trace");
    }

    [GeneratedRegex(@"INSERT\s+INTO\s+(journal|mutation)\b\s*(\((?<columns>[^)]*)\))?")]
    private static partial Regex Insert();
}
