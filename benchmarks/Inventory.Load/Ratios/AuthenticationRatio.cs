using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>AUTH: what it costs to ask callers who they are.</summary>
internal static class AuthenticationRatio
{
    private const int RoundsCount = 7;

    public static async Task<IReadOnlyList<Ratio>> MeasureAsync(Bench bench)
    {
        // Each on a database of its own and fresh, so that neither has more rows than the other.
        var original = await bench.Stage.CreateDatabaseAsync("known", Bench.Items, 1);
        var copy = await bench.Stage.CopyDatabaseAsync(original, "anonymous");
        var asking = await bench.Stage.StartServerAsync(original);
        var open = await bench.Stage.StartAnonymousServerAsync(copy);
        var known = new ServerTrials(bench.Stage, original, Bench.Items, 1, asking);
        var anonymous = new ServerTrials(bench.Stage, copy, Bench.Items, 1, open) { Anonymous = true };
        await Bench.WarmUpAsync(known);
        await Bench.WarmUpAsync(anonymous);

        var over = known.Reserve("ReserveInventory with an API key", Bench.Length);
        var under = anonymous.Reserve("ReserveInventory without authentication", Bench.Length);
        var rounds = await Rounds.RunAsync(bench.Stage, RoundsCount, over, under);
        await bench.Stage.StopServerAsync(asking);
        await bench.Stage.StopServerAsync(open);
        return [Ratio.Of("AUTH", rounds, over.Series, under.Series)];
    }
}
