namespace Inventory.Server.Demo;

internal static partial class DemoLog
{
    [LoggerMessage(1101, LogLevel.Information, "Demo data: {Loaded} of {Wanted} items are loaded")]
    public static partial void DemoLoading(this ILogger logger, int loaded, int wanted);

    [LoggerMessage(1102, LogLevel.Information, "Demo data: {Items} items, {Shelves} stock rows, loaded in {Elapsed}")]
    public static partial void DemoLoaded(this ILogger logger, int items, int shelves, TimeSpan elapsed);

    [LoggerMessage(1103, LogLevel.Information, "Demo data: {Holds} open holds")]
    public static partial void DemoHeld(this ILogger logger, int holds);
}
