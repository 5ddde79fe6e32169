using System.Globalization;
using System.Net;
using Inventory.Load.Calls;
using Inventory.Load.Driving;
using Inventory.Load.Stage;

namespace Inventory.Load.Trials;

/// <summary>Loads on the real server, or on several of one database.</summary>
internal sealed class ServerTrials(
    BenchStage stage,
    StageDatabase database,
    int items,
    int warehouses,
    params IReadOnlyList<RunningServer> servers
)
{
    public const int HoldSeconds = 900;
    private const int StreamWindow = 500;

    /// <summary>Whether the calls carry no credential; only a server in Development takes those.</summary>
    public bool Anonymous { get; init; }

    public Trial Reserve(string name, TrialLength length, int lines = 1, int holdSeconds = HoldSeconds) =>
        Closed(
            name,
            length,
            Outcome.Granted,
            () => new Reserve(Requests(Whole(), lines, holdSeconds), database.Ledger)
        );

    public Trial ReserveOneRow(string name, TrialLength length) =>
        Closed(name, length, Outcome.Granted, () => new Reserve(Requests(Item(1)), database.Ledger));

    public Trial RefuseSoldOut(string name, TrialLength length) =>
        Closed(name, length, Outcome.Refused, () => new Reserve(Requests(Item(0)), database.Ledger));

    public Trial ReserveThenConfirm(string name, TrialLength length) =>
        Closed(name, length, Outcome.Confirmed, () => new ReserveThenConfirm(Requests(Whole()), database.Ledger));

    public Trial Read(string name, TrialLength length) =>
        Closed(name, length, Outcome.Read, () => new ReadAvailability(Whole()));

    public Trial CheckHealth(string name, TrialLength length) =>
        Closed(name, length, Outcome.Read, () => new HealthChecks());

    public Trial ReserveStream(string name, TrialLength length) =>
        Measured(
            name,
            length,
            Outcome.Granted,
            () => new StreamLoad(new ReserveStream(Requests(Whole()), database.Ledger), StreamWindow)
        );

    /// <summary>As fast as they are answered. A load is run once.</summary>
    public ILoad Reservations(int holdSeconds) =>
        new UnaryLoad(new Reserve(Requests(Whole(), 1, holdSeconds), database.Ledger), Pace.Closed());

    /// <summary>By a schedule. A load is run once.</summary>
    public ILoad ScheduledReads(double perSecond) => new UnaryLoad(new ReadAvailability(Whole()), Pace.Open(perSecond));

    public ILoad ScheduledReservations(double perSecond) =>
        new UnaryLoad(new Reserve(Requests(Whole()), database.Ledger), Pace.Open(perSecond));

    /// <summary>By a schedule, beyond what can be granted: rejections are answers.</summary>
    public ILoad Overload(double perSecond) =>
        new UnaryLoad(new OverloadedReserve(Requests(Whole()), database.Ledger), Pace.Open(perSecond));

    public async Task<Tally> RunAsync(ILoad load, TrialLength length, CallsAtOnce? calls = null)
    {
        var (connections, streams) = calls ?? CallsAtOnce.Usual;

        // A thread of its own: the loop never gives it back before the end.
        var tally = await Task.Factory.StartNew(
            () =>
            {
                using var loop = new LoadLoop(Endpoints, connections, streams, load, Anonymous);
                return loop.Run(length.WarmUp, length.Measured);
            },
            TaskCreationOptions.LongRunning
        );
        return tally.All(Outcome.Failed) == 0
            ? tally
            : throw new InvalidOperationException($"calls failed: {string.Join("; ", tally.Failures.Take(3))}");
    }

    private IReadOnlyList<IPEndPoint> Endpoints => [.. servers.Select(server => server.Grpc)];

    private Trial Closed(string name, TrialLength length, Outcome counted, Func<IWorkload> workload) =>
        Measured(name, length, counted, () => new UnaryLoad(workload(), Pace.Closed()));

    private Trial Measured(string name, TrialLength length, Outcome counted, Func<ILoad> load) =>
        new(
            new Series(name, "/s"),
            async () =>
            {
                var commits = await database.WritingTransactionsAsync();
                var cpu = stage.ReadCpu();
                var tally = await RunAsync(load(), length);
                var spent = stage.ReadCpu() - cpu;
                commits = counted is Outcome.Granted or Outcome.Confirmed
                    ? await database.WritingTransactionsAsync() - commits
                    : 0;
                return new Sample(tally.PerSecond(counted), tally.All(counted), commits, spent);
            }
        );

    private ReserveRequests Requests(Shelf shelf, int lines = 1, int holdSeconds = HoldSeconds) =>
        new(
            shelf,
            string.Create(CultureInfo.InvariantCulture, $"{database.Name}-{database.NextRun()}-"),
            lines,
            holdSeconds
        );

    // A new seed each time: no trial asks for the items of another in the same order.
    private Shelf Whole() => new(1, items, warehouses, (ulong)database.NextRun());

    private static Shelf Item(int number) => new(number, 1, 1, seed: 1);
}
