namespace Inventory.Load.Trials;

/// <summary>What is measured again and again.</summary>
/// <param name="Unit">Of the figure.</param>
internal sealed record Series(string Name, string Unit);

/// <summary>One measurement of a series, some seconds long.</summary>
internal sealed record Trial(Series Series, Func<Task<Sample>> RunAsync);
