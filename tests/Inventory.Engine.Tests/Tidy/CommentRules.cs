using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

/// <summary>Comments say why. They promise nothing for later and decorate nothing.</summary>
internal static partial class CommentRules
{
    public static IEnumerable<TidyRule> All => [Promises, Regions, Banners, Catches];

    private static TidyRule Promises =>
        new("No file says what is left to do", PromisesForLater)
        {
            Bad =
            [
                Sample.Engine("// TODO: lock the rows\nclass A;"),
                Sample.Engine("class A { /* a hack */ }"),
                Sample.Engine("/// <summary>A stub of the real one.</summary>\nclass A;"),
                Sample.Engine("// FIXME\n"),
                Sample.At("src/Inventory.Engine/Database/Migrations/0001.sql", "-- TODO: an index\nSELECT 1;"),
                Sample.At("eng/up.sh", "# XXX\n"),
            ],
            Good =
            [
                Sample.Engine("// Nothing is left to do here: the row is locked.\nclass A;"),
                Sample.Engine("class A { const string B = \"TODO\"; }"),
                Sample.At("eng/up.sh", "mktemp -d /tmp/up.XXXXXX\n"),
            ],
        };

    private static TidyRule Regions =>
        new("No regions", TidyRule.Each(FoldedCode))
        {
            Bad = [Sample.Engine("#region A\nclass A;\n#endregion\n")],
            Good = [Sample.Engine("#pragma warning disable CA1000\nclass A;\n")],
        };

    private static TidyRule Banners =>
        new("No banners and no licence headers", TidyRule.Each(Decorations))
        {
            Bad =
            [
                Sample.Engine("// ----------------\n// Reserve\nclass A;"),
                Sample.Engine("/************ Reserve ************/\nclass A;"),
                Sample.Engine("// Copyright (c) somebody\nclass A;"),
                Sample.Engine("// Licensed under the Apache License\nclass A;"),
            ],
            Good = [Sample.Engine("// a -> b, and -- in SQL\n/// <summary>Why.</summary>\nclass A;")],
        };

    private static TidyRule Catches =>
        new("Whoever catches everything, or does nothing about it, says why", TidyRule.Each(SilentCatches))
        {
            Bad =
            [
                Sample.Engine("class A { void B() { try { } catch { C(); } } }"),
                Sample.Engine("class A { void B() { try { } catch (Exception e) { C(e); } } }"),
                Sample.Engine("class A { void B() { try { } catch (IOException) { } } }"),
            ],
            Good =
            [
                Sample.Engine("class A { void B() { try { } catch (Exception e) { /* the others go on */ C(e); } } }"),
                Sample.Engine("class A { void B() { try { } catch (IOException) { /* it is gone already */ } } }"),
                Sample.Engine("class A { void B() { try { }\n// The others go on.\ncatch (Exception e) { C(e); } } }"),
                Sample.Engine("class A { void B() { try { } catch (IOException e) { C(e); } } }"),
                Sample.Engine("class A { void B() { try { } catch (Exception e) when (e is IOException) { C(e); } } }"),
                Sample.Engine("class A { void B() { try { } catch { C(); throw; } } }"),
            ],
        };

    private static IEnumerable<Finding> PromisesForLater(IReadOnlyList<SourceFile> files) =>
        files.SelectMany(f => f.IsCSharp ? InComments(f) : InLines(f));

    private static IEnumerable<Finding> InComments(SourceFile file) =>
        Comments(file)
            .Select(c => (Comment: c, Word: Promise().Match(c.ToString())))
            .Where(c => c.Word.Success)
            .Select(c => file.At(c.Comment.GetLocation(), c.Word.Value));

    private static IEnumerable<Finding> InLines(SourceFile file) =>
        file
            .Lines.Select((text, index) => (Word: Mark().Match(text), Index: index))
            .Where(l => l.Word.Success)
            .Select(l => new Finding(file.Path, l.Index + 1, l.Word.Value));

    private static IEnumerable<Finding> FoldedCode(SourceFile file) =>
        file
            .Root.DescendantTrivia()
            .Where(t => t.IsKind(SyntaxKind.RegionDirectiveTrivia))
            .Select(t => file.At(t.GetLocation(), t.ToString().Trim()));

    private static IEnumerable<Finding> Decorations(SourceFile file) =>
        Comments(file).Where(c => Banner().IsMatch(c.ToString())).Select(c => file.At(c.GetLocation(), c.ToString()));

    private static IEnumerable<Finding> SilentCatches(SourceFile file) =>
        file.All<CatchClauseSyntax>()
            .Where(c => c.Block.Statements.Count == 0 || (CatchesAll(c) && !Rethrows(c)))
            .Where(c => !Comments(c).Any() && !Comments(c.GetFirstToken().GetPreviousToken()).Any())
            .Select(c => file.At(c, $"catch {c.Declaration}"));

    private static bool CatchesAll(CatchClauseSyntax clause) =>
        clause.Filter is null
        && (clause.Declaration is null || TypeNames.Simple(clause.Declaration.Type) == nameof(Exception));

    private static bool Rethrows(CatchClauseSyntax clause) =>
        clause.Block.DescendantNodes().OfType<ThrowStatementSyntax>().Any();

    private static IEnumerable<SyntaxTrivia> Comments(SourceFile file) =>
        file.Root.DescendantTrivia(descendIntoTrivia: false).Where(IsComment);

    private static IEnumerable<SyntaxTrivia> Comments(SyntaxNode node) => node.DescendantTrivia().Where(IsComment);

    private static IEnumerable<SyntaxTrivia> Comments(SyntaxToken token) => token.TrailingTrivia.Where(IsComment);

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.Kind()
            is SyntaxKind.SingleLineCommentTrivia
                or SyntaxKind.MultiLineCommentTrivia
                or SyntaxKind.SingleLineDocumentationCommentTrivia
                or SyntaxKind.MultiLineDocumentationCommentTrivia;

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|WIP|(?i:stub(s|bed)?|hack(s|y)?|placeholders?|not (yet )?implemented))\b")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Mark();

    [GeneratedRegex(@"[-=*#~_]{6,}|\bCopyright\b|\bLicen[sc]ed under\b")]
    private static partial Regex Banner();
}
