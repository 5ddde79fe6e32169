using Google.Protobuf;
using Google.Protobuf.Reflection;
using Inventory.Server.Rest.Json;
using Inventory.Server.Rest.Routing;
using Inventory.Server.Validation;

namespace Inventory.Server.Rest;

/// <summary>A request of an RPC, made from path, query, headers and body.</summary>
/// <param name="Message">Of the RPC's type.</param>
/// <param name="Products">What was called product_id in it.</param>
/// <param name="Timeout">Null: there is no deadline.</param>
/// <param name="HasCondition">It came with If-Match.</param>
internal sealed record RestRequest(IMessage Message, ProductNames Products, TimeSpan? Timeout, bool HasCondition)
{
    /// <param name="http">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="values">Of the route's variables.</param>
    /// <param name="currency">Of an amount of money that is a bare number.</param>
    /// <exception cref="RestRefusal">It cannot be made; every mistake is told.</exception>
    public static async Task<RestRequest> ReadAsync(
        HttpContext http,
        RestRoute route,
        IReadOnlyList<string> values,
        string currency
    )
    {
        var (problems, products) = (new RestProblems(), new ProductNames());
        var message = route.Descriptor.InputType.Parser.ParseFrom(ByteString.Empty);
        await FillFromBodyAsync(http, route, message, new(problems, products, currency), problems);
        var texts = new TextFields(problems, products, currency);
        for (var i = 0; i < values.Count; i++)
        {
            texts.Set(message, route.Template.Variables[i].FieldPath, values[i]);
        }

        FillFromQuery(http.Request, route, message, texts, problems);
        RestHeaders.ApplyIdempotencyKey(http.Request.Headers, message, problems);
        var hasCondition = RestHeaders.ApplyIfMatch(http.Request.Headers, message, problems);
        var timeout = RestHeaders.Timeout(http.Request.Headers, problems);
        products.Check(problems);
        return problems.Error is { } error
            ? throw new RestRefusal(error)
            : new(message, products, timeout, hasCondition);
    }

    private static async Task FillFromBodyAsync(
        HttpContext http,
        RestRoute route,
        IMessage message,
        JsonMessages json,
        RestProblems problems
    )
    {
        using var body = await RestBody.ReadAsync(http, route.Method.RequestBytesMax);
        if (body is null)
        {
            return;
        }

        switch (route.Body)
        {
            case "":
                problems.Add("body", Problem.Conflict("is not taken here: path and query say all"));
                break;
            case RestRoute.WholeBody:
                json.Fill(body.RootElement, message, "");
                break;
            default:
                var field = message.Descriptor.FindFieldByName(route.Body);
                json.Set(body.RootElement, message, new(field, IsProduct: false), field.Name);
                break;
        }
    }

    private static void FillFromQuery(
        HttpRequest request,
        RestRoute route,
        IMessage message,
        TextFields texts,
        RestProblems problems
    )
    {
        var pairs = request.QueryString.Value is ['?', .. var query] ? query : "";
        foreach (var pair in pairs.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Replace('+', ' ').Split('=', 2);
            if (
                !PercentText.TryDecode(parts[0], out var name)
                || !PercentText.TryDecode(parts is [_, var right] ? right : "", out var value)
            )
            {
                problems.Add(parts[0], Problem.NotUtf8);
                continue;
            }

            if (route.Body == RestRoute.WholeBody)
            {
                problems.Add(name, new("UNKNOWN_FIELD", "is not taken in the query: the body says all"));
            }
            else if (
                FieldNames.Find(route.Descriptor.InputType, name.Split('.')[0]) is { } named
                && IsTaken(route, named.Field)
            )
            {
                problems.Add(name, Problem.Conflict("is given by the path or the body"));
            }
            else
            {
                texts.Set(message, name, value);
            }
        }
    }

    private static bool IsTaken(RestRoute route, FieldDescriptor field) =>
        route.Body == field.Name || route.Template.Variables.Any(v => v.FieldPath == field.Name);
}
