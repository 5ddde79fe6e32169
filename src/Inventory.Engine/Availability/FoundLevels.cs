using System.Diagnostics;

namespace Inventory.Engine.Availability;

/// <summary>An item's levels, from wherever they were found.</summary>
/// <param name="Levels">The item.</param>
/// <param name="Freshness">How old it is.</param>
internal readonly record struct FoundLevels(ItemLevels Levels, Freshness Freshness)
{
    internal static FoundLevels Copied(ItemLevels levels, CacheCoverage coverage) =>
        new(levels, new(coverage.AsOf, Stopwatch.GetElapsedTime(coverage.PassedAt), AvailabilitySource.Cache));

    internal static FoundLevels? Read(LevelsReading? reading) =>
        reading is null
            ? null
            : new FoundLevels(
                reading.Levels,
                new(reading.AsOf, Stopwatch.GetElapsedTime(reading.ReadAt), AvailabilitySource.Database)
            );
}
