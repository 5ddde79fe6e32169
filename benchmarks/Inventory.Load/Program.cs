using Inventory.Load;
using Inventory.Load.Ratios;
using Inventory.Load.Stage;
using Inventory.Load.Watching;

if (args is [RelaxedServer.Name, .. var settings])
{
    await RelaxedServer.ServeAsync(settings);
    return 0;
}

try
{
    var options = BenchOptions.Parse(args);
    return options switch
    {
        { Bulk: true } => await BulkRatio.RunAsync(options),
        { Watchers: > 0 } => await WatchCost.RunAsync(options),
        { Against: not null } => await Comparison.RunAsync(options),
        _ => await Suite.RunAsync(options),
    };
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
