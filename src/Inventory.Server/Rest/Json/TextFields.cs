using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Rest.Json;

/// <summary>Fills fields from text, each named by its path: <c>location.city</c>.</summary>
/// <param name="problems">Gets what is wrong.</param>
/// <param name="products">Gets what was called product_id.</param>
/// <param name="currency">Of an amount of money that is a bare number.</param>
internal sealed class TextFields(RestProblems problems, ProductNames products, string currency)
{
    private readonly HashSet<string> seen = [];

    /// <param name="request">Is filled.</param>
    /// <param name="name">The field; of messages in it, with dots between.</param>
    /// <param name="text">Decoded.</param>
    public void Set(IMessage request, string name, string text)
    {
        var (message, path) = (request, "");
        var parts = name.Split('.');
        foreach (var part in parts[..^1])
        {
            if (
                FieldNames.Find(message.Descriptor, part)
                    is not { Field: { IsRepeated: false, FieldType: FieldType.Message } field }
                || KnownTypes.IsKnown(field.MessageType)
            )
            {
                problems.Add(name, RestProblem.UnknownField(message.Descriptor));
                return;
            }

            path += field.Name + ".";
            message = Held(message, field);
        }

        if (FieldNames.Find(message.Descriptor, parts[^1]) is not { Field.IsMap: false } named)
        {
            problems.Add(name, RestProblem.UnknownField(message.Descriptor));
            return;
        }

        path += named.Field.Name;
        if (!named.Field.IsRepeated && !seen.Add(path))
        {
            problems.Add(path, RestProblem.Twice);
        }
        else if (Read(named.Field, text, out var value) is { } wrong)
        {
            problems.Add(path, wrong);
        }
        else
        {
            Set(message, named, value!, path);
        }
    }

    private void Set(IMessage message, FieldNames.Named named, object value, string path)
    {
        var field = named.Field;
        if (field.IsRepeated)
        {
            ((IList)field.Accessor.GetValue(message)).Add(value);
        }
        else if (
            field.RealContainingOneof is { } oneof
            && oneof.Accessor.GetCaseFieldDescriptor(message) is { } other
            && other != field
        )
        {
            problems.Add(path, RestProblem.OneOf(oneof));
        }
        else if (IsSetOtherwise(message, field, value))
        {
            problems.Add(path, Problem.Conflict("differs from what the body says"));
        }
        else
        {
            field.Accessor.SetValue(message, value);
            if (named.IsProduct)
            {
                products.Add(message, field, path);
            }
        }
    }

    private Problem? Read(FieldDescriptor field, string text, out object? value)
    {
        if (field.FieldType != FieldType.Message)
        {
            return TextValues.Read(field, text, out value);
        }

        if (KnownTypes.IsKnown(field.MessageType))
        {
            return KnownTypes.ReadText(field.MessageType, text, out value);
        }

        value = field.MessageType == Money.Descriptor ? new Money { Amount = text, Currency = currency } : null;
        return value is null ? Problem.Format("one of its fields, with a dot between") : null;
    }

    /// <summary>A field that the body has set may stand in the path too, if both say the same.</summary>
    private static bool IsSetOtherwise(IMessage message, FieldDescriptor field, object value)
    {
        var now = field.Accessor.GetValue(message);
        var isSet = field.HasPresence
            ? field.Accessor.HasValue(message)
            : !Equals(now, field.Accessor.GetValue(Empty(message.Descriptor)));
        return isSet && !Equals(now is Enum ? Convert.ToInt32(now, null) : now, value);
    }

    private static IMessage Held(IMessage message, FieldDescriptor field)
    {
        if (field.Accessor.GetValue(message) is IMessage known)
        {
            return known;
        }

        var made = Empty(field.MessageType);
        field.Accessor.SetValue(message, made);
        return made;
    }

    private static IMessage Empty(MessageDescriptor type) => type.Parser.ParseFrom(ByteString.Empty);
}
