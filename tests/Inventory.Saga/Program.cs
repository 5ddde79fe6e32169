using Inventory.Client;
using Inventory.Saga;
using Microsoft.Extensions.DependencyInjection;

// Two programs in one, each a process of its own: an order service and a payment coordinator, as users of the client
// would write them. All that they know is in their logs: killed at any moment and started again, they go on.
if (args is not [var role and ("orders" or "payments"), var server, var folder, var seedText, .. var skus])
{
    Console.Error.WriteLine("orders|payments <address> <folder> <seed> <sku>…");
    return 2;
}

await using var services = new ServiceCollection()
    .AddInventoryClient(new InventoryClientOptions { Address = new Uri(server), Deadline = TimeSpan.FromSeconds(20) })
    .BuildServiceProvider();
var client = services.GetRequiredService<InventoryClient>();

// Whoever started this process and is gone closes its end: nothing of it stays behind.
_ = Task.Run(async () =>
{
    await Console.In.ReadToEndAsync();
    Environment.Exit(3);
});
var seed = int.Parse(seedText, null);
var (orders, payments) = (Path.Combine(folder, "orders.log"), Path.Combine(folder, "payments.log"));
if (role == "orders")
{
    await new OrderTaking(client, orders, skus, seed).RunAsync();
}
else
{
    await new PaymentSaga(client, orders, payments, seed).RunAsync();
}

return 0;
