using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>
/// AUTH: what it costs to ask callers who they are, in each kind of call; the worst of them is the ratio.
/// </summary>
internal static class AuthenticationRatio
{
    private const string Id = "AUTH";

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        // Each on a database of its own and fresh, so that neither has more rows than the other.
        var original = await bench.Stage.CreateDatabaseAsync("known", Bench.Items, 1);
        var copy = await bench.Stage.CopyDatabaseAsync(original, "anonymous");
        var asking = await bench.Stage.StartServerAsync(original);
        var open = await bench.Stage.StartAnonymousServerAsync(copy);
        var known = new ServerTrials(bench.Stage, original, Bench.Items, 1, asking);
        var anonymous = new ServerTrials(bench.Stage, copy, Bench.Items, 1, open) { Anonymous = true };
        await Pairs.WarmUpAsync(known);
        await Pairs.WarmUpAsync(anonymous);

        var ratios = await Pairs.MeasureAsync(
            bench.Stage,
            Id,
            ("with an API key", known),
            ("without authentication", anonymous)
        );
        Pairs.Print(ratios, "with an API key", "without authentication");
        await bench.Stage.StopServerAsync(asking);
        await bench.Stage.StopServerAsync(open);
        return [ratios.MinBy(pairs => pairs.Median)!];
    }
}
