using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>Clocks that lie, waits that block a thread, and sleeps.</summary>
internal static class CallRules
{
    public static IEnumerable<TidyRule> All => [Clock, BlockingRule.Rule, Sleeping, Unfinished];

    private static readonly string[] Clocks = ["DateTime", "DateTimeOffset"];
    private static readonly string[] ClockReadings = ["Now", "UtcNow", "Today"];

    /// <summary>Where a test may let time pass: the one bounded poll, and the proxy whose fault is a delay.</summary>
    private static readonly string[] MayDelay =
    [
        "tests/Inventory.Testing/Eventually.cs",
        "tests/Inventory.Faults/Network/ChaosProxy.cs",
        // A program and no test: banks take their time, and it looks for new orders now and then.
        "tests/Inventory.Saga/PaymentSaga.cs",
    ];

    private static TidyRule Clock =>
        new("Nobody reads DateTime.Now; the clock is the database's or a TimeProvider", TidyRule.Each(ClockReads))
        {
            Bad =
            [
                Sample.Engine("class A { object B => DateTime.Now; }"),
                Sample.Engine("class A { object B => System.DateTime.UtcNow.AddDays(1); }"),
                Sample.Test("class A { object B => DateTimeOffset.UtcNow; }"),
                Sample.Engine("class A { Func<object> B = () => DateTime.Today; }"),
            ],
            Good =
            [
                Sample.Engine("class A(TimeProvider time) { object B => time.GetUtcNow(); }"),
                Sample.Engine("class A { object B => DateTime.UnixEpoch; object C(Clock c) => c.Now; }"),
            ],
        };

    private static TidyRule Sleeping =>
        new("No thread sleeps, and no test waits for time to pass", TidyRule.Each(Sleeps))
        {
            Bad =
            [
                Sample.Engine("class A { void B() => Thread.Sleep(1); }"),
                Sample.Test("class A { void B() => System.Threading.Thread.Sleep(1); }"),
                Sample.Test("class A { async Task B() => await Task.Delay(1); }"),
            ],
            Good =
            [
                Sample.Engine("class A { async Task B() => await Task.Delay(1); }"),
                Sample.Test("class A { async Task B(Task t) => await t.WaitAsync(C); }"),
                Sample.At(MayDelay[0], "class Eventually { Task B() => Task.Delay(1); }"),
            ],
        };

    private static TidyRule Unfinished =>
        new("Nothing throws NotImplementedException", TidyRule.Each(UnfinishedCode))
        {
            Bad = [Sample.Engine("class A { int B => throw new NotImplementedException(); }")],
            Good =
            [
                Sample.Engine("class A { int B => throw new NotSupportedException(); }"),
                // gRPC itself answers so where an implementation leaves a member out.
                Sample.At(
                    "src/grpc-api/Grpc.Core.Api/A.cs",
                    "class A { int B => throw new NotImplementedException(); }"
                ),
            ],
        };

    private static IEnumerable<Finding> ClockReads(SourceFile file) =>
        file.All<MemberAccessExpressionSyntax>()
            .Where(a => ClockReadings.Contains(a.Name.Identifier.Text) && Clocks.Contains(LastName(a.Expression)))
            .Select(a => file.At(a, a.ToString()));

    private static IEnumerable<Finding> Sleeps(SourceFile file) =>
        file.All<MemberAccessExpressionSyntax>()
            .Where(a => IsSleep(a) || (IsDelay(a) && file.IsTest && !MayDelay.Contains(file.Path)))
            .Select(a => file.At(a, a.ToString()));

    private static bool IsSleep(MemberAccessExpressionSyntax access) =>
        access.Name.Identifier.Text is "Sleep" or "SpinWait" && LastName(access.Expression) == "Thread";

    private static bool IsDelay(MemberAccessExpressionSyntax access) =>
        access.Name.Identifier.Text == "Delay" && LastName(access.Expression) == "Task";

    private static IEnumerable<Finding> UnfinishedCode(SourceFile file) =>
        file.All<ObjectCreationExpressionSyntax>()
            .Where(c => TypeNames.Simple(c.Type) == nameof(NotImplementedException) && !file.IsStandIn)
            .Select(c => file.At(c, c.ToString()));

    private static string LastName(ExpressionSyntax expression) =>
        expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
            SimpleNameSyntax name => name.Identifier.Text,
            _ => "",
        };
}
