using Inventory.Load.Measure;
using Inventory.Load.Trials;

namespace Inventory.Load.Ratios;

/// <summary>A measured ratio: the median of the rounds' quotients, with their spread and both sides' medians.</summary>
internal sealed record Ratio(string Id, double[] Quotients, Side Over, Side Under)
{
    public double Median => Quotients.Median();

    public static Ratio Of(string id, Rounds rounds, Series over, Series under) =>
        new(id, rounds.Quotients(over, under), Side.Of(rounds, over), Side.Of(rounds, under));
}
