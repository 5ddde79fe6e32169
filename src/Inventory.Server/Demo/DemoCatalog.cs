using System.Globalization;
using Bogus;

namespace Inventory.Server.Demo;

/// <summary>
/// The items of a demonstration, numbered from 1 and the same on every machine: item n does not depend on how many are
/// made. The first 2,000 are products of their own; those after are their variants.
/// </summary>
internal static class DemoCatalog
{
    public const int ProductCount = 2_000;
    public const int ShelvesPerItem = 3;
    private const int Seed = 20_260_101;
    private static readonly string[] Colours = ["Black", "White", "Red", "Blue", "Green", "Yellow", "Grey", "Sand"];
    private static readonly Lazy<Product[]> Products = new(MakeProducts);

    private sealed record Product(string Name, string Category, string Description, decimal Price, decimal UnitCost);

    public static string Sku(int number) => string.Create(CultureInfo.InvariantCulture, $"DEMO-{number:D7}");

    /// <summary>A GTIN-13 under 952, which GS1 keeps for demonstrations, padded to fourteen digits.</summary>
    public static string Gtin(int number)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"0952{number:D9}");
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
        }

        return digits + (char)('0' + (10 - sum % 10) % 10);
    }

    public static DemoItem Item(int number)
    {
        var product = Products.Value[(number - 1) % ProductCount];
        var variant = (number - 1) / ProductCount;
        var random = new Randomizer(Seed + number);
        var reorderPoint = random.Long(5, 40);
        return new DemoItem
        {
            Sku = Sku(number),
            Gtin = Gtin(number),
            ProductId = string.Create(CultureInfo.InvariantCulture, $"P{(number - 1) % ProductCount + 1:D4}"),
            VariantId = string.Create(CultureInfo.InvariantCulture, $"V{variant + 1:D4}"),
            Name = variant == 0 ? product.Name : $"{product.Name}, {VariantName(variant - 1)}",
            Category = product.Category,
            Description = product.Description,
            Price = product.Price,
            UnitCost = product.UnitCost,
            ReorderPoint = reorderPoint,
            ReorderQuantity = reorderPoint * 4,
            SafetyStock = random.Bool(0.2f) ? random.Long(1, 5) : 0,
            Shelves = Shelves(number, random),
        };
    }

    /// <summary>
    /// Three of the four warehouses have an item. Most shelves hold some hundreds, some few, a few nothing.
    /// </summary>
    private static DemoShelf[] Shelves(int number, Randomizer random)
    {
        var shelves = new DemoShelf[ShelvesPerItem];
        for (var i = 0; i < shelves.Length; i++)
        {
            var onHand = random.WeightedRandom([0L, random.Long(1, 20), random.Long(20, 800)], [0.03f, 0.17f, 0.8f]);
            var damaged = onHand > 20 && random.Bool(0.02f) ? random.Long(1, 3) : 0;
            shelves[i] = new DemoShelf(
                DemoWarehouses.All[(number + i) % DemoWarehouses.All.Count].Code,
                onHand,
                damaged
            );
        }

        return shelves;
    }

    private static string VariantName(int variant) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Colours[variant % Colours.Length]}, size {variant / Colours.Length + 1}"
        );

    private static Product[] MakeProducts()
    {
        var faker = new Faker("en") { Random = new Randomizer(Seed) };
        var products = new Product[ProductCount];
        for (var i = 0; i < products.Length; i++)
        {
            var price = faker.Random.Int(199, 49_999) / 100m;
            var unitCost = Math.Round(price * faker.Random.Int(35, 70) / 100m, 2);
            var commerce = faker.Commerce;
            products[i] = new Product(
                commerce.ProductName(),
                commerce.Categories(1)[0],
                commerce.ProductDescription(),
                price,
                unitCost
            );
        }

        return products;
    }
}
