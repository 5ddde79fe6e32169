using Inventory.Load;
using Inventory.Load.Ratios;
using Inventory.Load.Stage;

if (args is [RelaxedServer.Name, .. var settings])
{
    await RelaxedServer.ServeAsync(settings);
    return 0;
}

try
{
    var options = BenchOptions.Parse(args);
    return options.Against is null ? await Suite.RunAsync(options) : await Comparison.RunAsync(options);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
