using System.Collections;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Inventory.Server.Validation;
using Inventory.V1;

namespace Inventory.Server.Rest.Json;

/// <summary>
/// Fills messages from JSON by proto's rules, and is stricter where leniency would hide a mistake: an unknown field,
/// and one given twice, are refused by name. It goes on after a mistake, so that all are told at once.
/// </summary>
/// <param name="problems">Gets what is wrong.</param>
/// <param name="products">Gets what was called product_id.</param>
/// <param name="currency">Of an amount of money that is a bare number.</param>
internal sealed class JsonMessages(RestProblems problems, ProductNames products, string currency)
{
    /// <param name="json">An object.</param>
    /// <param name="message">Is filled.</param>
    /// <param name="path">Of the message, with a dot behind it; empty for the request itself.</param>
    public void Fill(JsonElement json, IMessage message, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add(path.Length == 0 ? "body" : path[..^1], Problem.Format("a JSON object"));
            return;
        }

        var seen = new HashSet<object>();
        foreach (var property in json.EnumerateObject())
        {
            if (!TryText(() => property.Name, out var name))
            {
                problems.Add(path + "?", Problem.NotUtf8);
            }
            else if (FieldNames.Find(message.Descriptor, name) is not { } named)
            {
                problems.Add(path + name, RestProblem.UnknownField(message.Descriptor));
            }
            else if (!seen.Add(named.Field))
            {
                problems.Add(path + named.Field.Name, RestProblem.Twice);
            }
            else if (property.Value.ValueKind == JsonValueKind.Null)
            {
                // As if it were not there.
                continue;
            }
            else if (named.Field.RealContainingOneof is { } oneof && !seen.Add(oneof))
            {
                problems.Add(path + named.Field.Name, RestProblem.OneOf(oneof));
            }
            else
            {
                Set(property.Value, message, named, path + named.Field.Name);
            }
        }
    }

    /// <param name="json">Not null.</param>
    /// <param name="message">Whose field is set.</param>
    /// <param name="named">Which.</param>
    /// <param name="path">Of the field.</param>
    public void Set(JsonElement json, IMessage message, FieldNames.Named named, string path)
    {
        var field = named.Field;
        if (field.IsMap)
        {
            SetMap(json, message, field, path);
        }
        else if (field.IsRepeated)
        {
            SetList(json, message, named, path);
        }
        else if (Value(json, field, path) is { } value)
        {
            field.Accessor.SetValue(message, value);
            if (named.IsProduct)
            {
                products.Add(message, field, path);
            }
        }
    }

    private void SetList(JsonElement json, IMessage message, FieldNames.Named named, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            problems.Add(path, Problem.Format("a JSON array"));
            return;
        }

        var list = (IList)named.Field.Accessor.GetValue(message);
        var index = 0;
        foreach (var element in json.EnumerateArray())
        {
            if (Value(element, named.Field, $"{path}[{index++}]") is { } value)
            {
                list.Add(value);
            }
        }
    }

    private void SetMap(JsonElement json, IMessage message, FieldDescriptor field, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add(path, Problem.Format("a JSON object"));
            return;
        }

        var map = (IDictionary)field.Accessor.GetValue(message);
        var (keys, values) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
        foreach (var property in json.EnumerateObject())
        {
            if (!TryText(() => property.Name, out var name))
            {
                problems.Add(path, Problem.NotUtf8);
            }
            else if (TextValues.Read(keys, name, out var key) is { } wrong)
            {
                problems.Add($"{path}.{name}", wrong);
            }
            else if (map.Contains(key!))
            {
                problems.Add($"{path}.{name}", RestProblem.Twice);
            }
            else if (Value(property.Value, values, $"{path}.{name}") is { } value)
            {
                map.Add(key!, value);
            }
        }
    }

    /// <returns>Null when something is wrong, which has been told.</returns>
    private object? Value(JsonElement json, FieldDescriptor field, string path)
    {
        object? value = null;
        var wrong =
            json.ValueKind == JsonValueKind.Null ? Problem.Format("a value, and is null")
            : field.FieldType == FieldType.Message ? MessageValue(json, field, path, out value)
            : Scalar(json, field, out value);
        problems.Add(path, wrong);
        return value;
    }

    private Problem? MessageValue(JsonElement json, FieldDescriptor field, string path, out object? value)
    {
        if (KnownTypes.IsKnown(field.MessageType))
        {
            return KnownTypes.Read(field.MessageType, json, out value);
        }

        var message = field.MessageType.Parser.ParseFrom(ByteString.Empty);
        value = message;
        if (message is Money money && json.ValueKind == JsonValueKind.Number)
        {
            // As it is written: a double would round it.
            (money.Amount, money.Currency) = (json.GetRawText(), currency);
        }
        else
        {
            Fill(json, message, path + ".");
        }

        return null;
    }

    private static Problem? Scalar(JsonElement json, FieldDescriptor field, out object? value)
    {
        value = null;
        switch (json.ValueKind, field.FieldType)
        {
            case (JsonValueKind.String, FieldType.Bool):
                return Problem.Format("true or false");
            case (JsonValueKind.String, _):
                return TryText(json.GetString, out var text)
                    ? TextValues.Read(field, text, out value)
                    : Problem.NotUtf8;
            case (JsonValueKind.True or JsonValueKind.False, FieldType.Bool):
                value = json.GetBoolean();
                return null;
            case (JsonValueKind.Number, FieldType.String or FieldType.Bytes or FieldType.Bool):
                return Problem.Format(field.FieldType == FieldType.Bool ? "true or false" : "a JSON string");
            case (JsonValueKind.Number, _):
                return TextValues.Read(field, json.GetRawText(), out value);
            default:
                return Problem.Format($"a value of type {field.FieldType.ToString().ToLowerInvariant()}");
        }
    }

    /// <summary>JSON may hold half a surrogate pair, as \ud800, which is no text.</summary>
    private static bool TryText(Func<string?> read, out string text)
    {
        try
        {
            text = read()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
