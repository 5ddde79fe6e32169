namespace Inventory.Load.Ratios;

/// <summary>A line of BENCHMARKS.md: what is compared, where it must not fall below, and where it is to go.</summary>
/// <param name="LowerIsBetter">Floor and goal are then the highest that will do.</param>
/// <param name="OnDemand">Measured only where it is asked for by its name.</param>
internal sealed record RatioTarget(
    string Id,
    string What,
    double Floor,
    double Goal,
    bool LowerIsBetter = false,
    bool OnDemand = false
)
{
    public static IReadOnlyList<RatioTarget> All { get; } =
    [
        new("R1", "unary reserve, 100,000 rows ÷ pgbench at its best", 2, 3.5),
        new("R2", "unary reserve, one row ÷ pgbench at its best", 9, 20),
        new("R3", "3-line orders ÷ pgbench at its best", 2, 3.5),
        new("R4", "reserve stream, 100,000 rows ÷ pgbench at its best", 2.5, 4),
        new("R5", "sold out: refusals ÷ grants on one row", 1.2, 2),
        new("R6", "reserve, then confirm ÷ pgbench doing both", 2, 3.5),
        new("R7", "durable ÷ synchronous_commit off", 0.85, 0.95),
        new("R8", "GetAvailability through Redis ÷ Health/Check", 0.5, 0.7),
        new("R9", "p99 of reads while reserving at 70% of peak ÷ idle", 4, 2, LowerIsBetter: true),
        new("R10", "the last minute ÷ the first of five", 0.85, 0.95),
        new("R11", "1,000,000 SKUs × 3 warehouses ÷ 100,000 rows", 0.8, 0.95),
        new("R12", "holds expired a second ÷ granted a second", 1, 2),
        new("R13", "two servers on one database ÷ one", 0.9, 1),
        new("OVERLOAD", "granted while 5 times the peak is asked ÷ the peak", 0.8, 0.95, OnDemand: true),
        new("FOLLOW", "journal rows followed a second while reserving ÷ 20,000", 1, 2, OnDemand: true),
        new("FOLLOWERS", "reserve, told to RabbitMQ and a webhook ÷ told to nobody", 0.7, 0.9, OnDemand: true),
        new("AUTH", "the worst of all calls: with an API key ÷ without", 0.95, 1, OnDemand: true),
        new("FLOODS", "p99 of others under the worst flood ÷ as usual", 2, 1.2, LowerIsBetter: true, OnDemand: true),
        new("VERIFY", "server memory verifying 3,000,000 rows ÷ 200 MiB", 1, 0.6, LowerIsBetter: true, OnDemand: true),
        new("SCANS", "scans taken a second ÷ 10,000", 1, 1.5, OnDemand: true),
        new(
            "TRANSACTIONS",
            "a page of 10,000,000 journal rows ÷ of 100,000",
            3,
            1.5,
            LowerIsBetter: true,
            OnDemand: true
        ),
    ];

    public static RatioTarget Of(string id) => All.Single(target => target.Id == id);

    public string Judge(double ratio) =>
        Reaches(ratio, Goal) ? "goal"
        : Reaches(ratio, Floor) ? "floor"
        : "BELOW";

    private bool Reaches(double ratio, double limit) => LowerIsBetter ? ratio <= limit : ratio >= limit;
}
