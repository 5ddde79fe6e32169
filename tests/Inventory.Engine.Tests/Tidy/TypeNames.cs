using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inventory.Engine.Tests.Tidy;

internal static class TypeNames
{
    /// <summary>The last name of a type, without its namespace and its arguments.</summary>
    public static string Simple(TypeSyntax type) =>
        type switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
            AliasQualifiedNameSyntax alias => alias.Name.Identifier.Text,
            SimpleNameSyntax simple => simple.Identifier.Text,
            NullableTypeSyntax nullable => Simple(nullable.ElementType),
            _ => type.ToString(),
        };
}
