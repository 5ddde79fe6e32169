namespace Inventory.Server.Rest.Routing;

/// <summary>
/// All routes. Filled while services are mapped, and only read from then on.
/// </summary>
internal sealed class RestRouter
{
    private readonly List<RestRoute> routes = [];

    public IReadOnlyList<RestRoute> Routes => routes;

    /// <param name="Route">Null: there is none.</param>
    /// <param name="Values">Of the template's variables, decoded.</param>
    /// <param name="Allowed">The methods that the path has, if it has any.</param>
    internal sealed record Match(RestRoute? Route, string[] Values, IReadOnlyCollection<string> Allowed);

    /// <exception cref="InvalidOperationException">Another route takes the same method and paths.</exception>
    public void Add(RestRoute route)
    {
        if (routes.Find(r => r.HttpMethod == route.HttpMethod && r.Template.Shape == route.Template.Shape) is { } other)
        {
            throw new InvalidOperationException(
                $"{route} of {route.Descriptor.FullName} takes what {other} of {other.Descriptor.FullName} takes."
            );
        }

        var place = routes.FindIndex(r => route.Template.CompareTo(r.Template) < 0);
        routes.Insert(place < 0 ? routes.Count : place, route);
    }

    public Match Find(string httpMethod, RequestPath path)
    {
        // HEAD is GET without the body, which the host leaves out.
        var asked = HttpMethods.IsHead(httpMethod) ? HttpMethods.Get : httpMethod;
        var allowed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var route in routes)
        {
            if (route.Template.Match(path) is not { } values)
            {
                continue;
            }

            if (route.HttpMethod == asked)
            {
                return new(route, values, []);
            }

            allowed.Add(route.HttpMethod);
            if (HttpMethods.IsGet(route.HttpMethod))
            {
                allowed.Add(HttpMethods.Head);
            }
        }

        return new(null, [], allowed);
    }
}
