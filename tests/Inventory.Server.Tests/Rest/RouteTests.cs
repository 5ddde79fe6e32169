using Google.Api;
using Google.Protobuf.Reflection;
using Inventory.Server.Reflection;
using Inventory.Server.Rest.Routing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

[Parallelizable(ParallelScope.Self)]
public sealed class RouteTests : RestFixture
{
    private RestRouter Router => Server.Part<RestRouter>();

    private IEnumerable<MethodDescriptor> Methods =>
        Server
            .Part<ServedApi>()
            .Services.Where(s => s.FullName.StartsWith("inventory.", StringComparison.Ordinal))
            .SelectMany(s => s.Methods);

    [Test]
    public void Every_RPC_has_a_route_unless_its_client_streams()
    {
        var routed = Router.Routes.Select(r => r.Descriptor).ToHashSet();
        var (streaming, others) = (Methods.Where(m => m.IsClientStreaming), Methods.Where(m => !m.IsClientStreaming));

        Assert.That(others.Where(m => !routed.Contains(m)).Select(m => m.FullName), Is.Empty);
        Assert.That(streaming.Where(HasOption).Select(m => m.FullName), Is.Empty);
        Assert.That((others.Count(), streaming.Count()), Is.GreaterThanOrEqualTo((25, 1)));
    }

    // The paths of API.md that callers already know, and what each means.
    [TestCase("POST", "/v1/products", "CreateInventoryItem")]
    [TestCase("GET", "/v1/products", "ListInventoryItems")]
    [TestCase("GET", "/v1/products/P-1", "GetInventoryItem")]
    [TestCase("PUT", "/v1/products/P-1", "UpdateInventoryItem")]
    [TestCase("DELETE", "/v1/products/P-1", "DeleteInventoryItem")]
    [TestCase("POST", "/v1/warehouses", "CreateWarehouse")]
    [TestCase("GET", "/v1/warehouses", "ListWarehouses")]
    [TestCase("GET", "/v1/warehouses/W-1", "GetWarehouse")]
    [TestCase("PUT", "/v1/warehouses/W-1", "UpdateWarehouse")]
    [TestCase("DELETE", "/v1/warehouses/W-1", "DeleteWarehouse")]
    [TestCase("POST", "/v1/inventory", "AddInventoryToLocation")]
    [TestCase("GET", "/v1/inventory", "ListInventory")]
    [TestCase("DELETE", "/v1/inventory/I-1", "DeleteInventory")]
    [TestCase("GET", "/v1/inventory/overall/P-1", "GetOverallInventory")]
    [TestCase("GET", "/v1/inventory/P-1/all-warehouses", "GetOverallInventory")]
    [TestCase("GET", "/v1/inventory/warehouse/W-1/low-stock", "ListLowStock")]
    [TestCase("POST", "/v1/warehouses/transfer", "CreateTransfer")]
    [TestCase("GET", "/v1/inventory/I-1", "GetInventory")]
    [TestCase("PUT", "/v1/inventory/I-1", "SetInventory")]
    [TestCase("GET", "/v1/inventory/P-1/W-1", "GetInventory")]
    [TestCase("POST", "/v1/inventory/reserve", "ReserveInventory")]
    [TestCase("POST", "/v1/inventory/release", "CancelReservation")]
    [TestCase("POST", "/v1/inventory/confirm", "ConfirmReservation")]
    [TestCase("POST", "/v1/inventory/extend", "ExtendReservation")]
    public void A_path_that_callers_know_reaches_its_RPC(string method, string path, string rpc)
    {
        Assert.That(RequestPath.TryParse(path, out var asked), Is.True);

        Assert.That(Router.Find(method, asked!).Route?.Descriptor.Name, Is.EqualTo(rpc));
    }

    private static bool HasOption(MethodDescriptor method) =>
        method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not null;
}
