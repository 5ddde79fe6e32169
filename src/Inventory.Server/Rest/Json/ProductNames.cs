using Google.Protobuf;
using Google.Protobuf.Reflection;
using Inventory.Engine.Catalog;
using Inventory.Server.Validation;

namespace Inventory.Server.Rest.Json;

/// <summary>
/// What a request calls product_id where its RPC takes an item: an item's id or SKU, or the product service's own id of
/// a product with one variant. Whatever it is, the RPC gets the SKU.
/// </summary>
internal sealed class ProductNames
{
    public const string Alias = "product_id";

    /// <summary>Each may be a look-up of its own.</summary>
    private const int DistinctMax = 100;

    private readonly List<(IMessage Message, FieldDescriptor Field, string Path)> places = [];

    public bool Any => places.Count > 0;

    public void Add(IMessage message, FieldDescriptor field, string path) => places.Add((message, field, path));

    public void Check(RestProblems problems)
    {
        if (places.Select(Name).Distinct().Count() > DistinctMax)
        {
            problems.Add(Alias, Problem.OutOfRange($"at most {DistinctMax} different ones; name items by sku"));
        }
    }

    /// <exception cref="RestRefusal">A product has several variants.</exception>
    public async Task ResolveAsync(GetInventoryItem items, CancellationToken cancellation)
    {
        var problems = new RestProblems();
        foreach (var product in places.GroupBy(Name).Where(p => TextRules.Key(p.Key) is null))
        {
            var found = await items.ByProductAsync(product.Key, variantId: null, cancellation);
            foreach (var (message, field, path) in product)
            {
                // A product that is not known may be an item's id or SKU, which the service finds, or finds missing.
                switch (found.Outcome)
                {
                    case GetItemOutcome.Found:
                        field.Accessor.SetValue(message, found.Item!.Sku);
                        break;
                    case GetItemOutcome.SeveralVariants:
                        problems.Add(path, Problem.Conflict("is a product of several variants: name one by its sku"));
                        break;
                    case GetItemOutcome.NotFound:
                        break;
                }
            }
        }

        if (problems.Error is { } error)
        {
            throw error.ToException();
        }
    }

    private static string Name((IMessage Message, FieldDescriptor Field, string Path) place) =>
        (string)place.Field.Accessor.GetValue(place.Message);
}
