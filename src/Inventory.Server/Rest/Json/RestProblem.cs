using Google.Protobuf.Reflection;
using Inventory.Server.Validation;

namespace Inventory.Server.Rest.Json;

/// <summary>What can be wrong with how a field is written.</summary>
internal static class RestProblem
{
    public static readonly Problem Twice = new("DUPLICATE", "is given twice");

    public static Problem UnknownField(MessageDescriptor message) =>
        new("UNKNOWN_FIELD", $"is no field of {message.FullName}");

    public static Problem OneOf(OneofDescriptor oneof) =>
        Problem.Conflict($"excludes the others: only one of {string.Join(", ", oneof.Fields.Select(f => f.Name))}");
}
