namespace Inventory.Server.Telemetry.Prometheus;

internal enum FamilyKind
{
    Counter = 1,
    Gauge = 2,
    Histogram = 3,
}
