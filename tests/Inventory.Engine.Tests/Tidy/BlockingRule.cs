using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>
/// A thread that waits for a task is a thread less for everybody, and enough of them are a deadlock. Names alone don't
/// tell a task's Result from a record's, so this rule asks the compiler.
/// </summary>
internal static class BlockingRule
{
    private static readonly string[] Names = ["Result", "Wait", "WaitAll", "WaitAny", "GetResult"];
    private static readonly string[] Waiting = ["Task", "ValueTask", "TaskAwaiter", "ValueTaskAwaiter"];

    private static readonly SyntaxTree ImplicitUsings = CSharpSyntaxTree.ParseText(
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """
    );

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ]
    );

    public static TidyRule Rule =>
        new("Nothing waits for a task by blocking a thread", BlockingWaits)
        {
            Bad =
            [
                Sample.Engine("class A { int B(Task<int> t) => t.Result; }"),
                Sample.Engine("class A { int? B(Task<int>? t) => t?.Result; }"),
                Sample.Engine("class A { int B(ValueTask<int> t) => t.Result; }"),
                Sample.Engine("class A { void B(Task t) => t.Wait(); }"),
                Sample.Engine("class A { void B(Task? t) => t?.Wait(10); }"),
                Sample.Engine("class A { void B(Task t) => Task.WaitAll(t); }"),
                Sample.Engine("class A { int B(Task<int> t) => t.GetAwaiter().GetResult(); }"),
                Sample.Engine("class A { int B(Task<int> t) => t.ConfigureAwait(false).GetAwaiter().GetResult(); }"),
                Sample
                    .Engine("class A { int B(C c) => c.D().Result; }")
                    .And("src/Inventory.Engine/Stock/C.cs", "class C { public Task<int> D() => Task.FromResult(1); }"),
            ],
            Good =
            [
                Sample.Engine("class A { async Task B(Task t) => await t.WaitAsync(C); }"),
                Sample.Engine("class A { string B => nameof(Task<int>.Result); }"),
                Sample.Engine("record A(int Result) { int B(A a) => a.Result; }"),
                Sample.Engine(
                    "class A { void B(Poller p) => p.Wait(1); } class Poller { public void Wait(int a) { } }"
                ),
            ],
        };

    private static IEnumerable<Finding> BlockingWaits(IReadOnlyList<SourceFile> files) =>
        files.Where(f => f.IsCSharp).GroupBy(f => f.Project).SelectMany(OfAProject);

    private static IEnumerable<Finding> OfAProject(IGrouping<string, SourceFile> project)
    {
        var compilation = CSharpCompilation.Create(
            project.Key,
            project.Select(f => f.Tree).Append(ImplicitUsings),
            References.Value
        );
        return project.SelectMany(file =>
            file.All<SimpleNameSyntax>()
                .Where(n => Names.Contains(n.Identifier.Text) && !IsNamedOnly(n))
                .Where(n => IsOfATask(compilation.GetSemanticModel(file.Tree).GetSymbolInfo(n)))
                .Select(n => file.At(n, n.Parent!.ToString()))
        );
    }

    private static bool IsNamedOnly(SimpleNameSyntax name) =>
        name.Ancestors().OfType<InvocationExpressionSyntax>().Any(i => i.Expression.ToString() == "nameof");

    private static bool IsOfATask(SymbolInfo symbol) =>
        (symbol.Symbol ?? symbol.CandidateSymbols.FirstOrDefault())?.ContainingType is { } type
        && type.ContainingNamespace.ToString()!.StartsWith("System.", StringComparison.Ordinal)
        && (
            Waiting.Contains(type.Name)
            || Waiting.Contains(type.Name.Replace("Configured", "", StringComparison.Ordinal))
        );
}
