using System.Globalization;
using Inventory.Server.Hosting;
using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>When each job rings. Every node rings for itself: the engine's operations are safe on many.</summary>
internal static class JobSetup
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Partitions are made months ahead; this is how soon a start that met no database makes up for it.
    /// </summary>
    private static readonly TimeSpan PartitionsEvery = TimeSpan.FromMinutes(1);

    /// <summary>Changes of stock are judged as they come; this finds what a crash has left.</summary>
    private static readonly TimeSpan ReordersEvery = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How soon after its time a snapshot is begun, and one that a server left half done is gone on with.
    /// </summary>
    private static readonly TimeSpan SnapshotsEvery = TimeSpan.FromMinutes(1);

    /// <summary>Each time a bounded piece of what is old goes.</summary>
    private static readonly TimeSpan ArchiveEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan NoticesEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan JudgeEvery = TimeSpan.FromSeconds(10);

    public static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddQuartz(quartz =>
        {
            Schedule<ExpireHoldsJob>(quartz, SweepEvery);
            Schedule<GrantWaitingJob>(quartz, SweepEvery);
            Schedule<MakeJournalPartitionsJob>(quartz, PartitionsEvery);
            Schedule<EvaluateReordersJob>(quartz, ReordersEvery);
            Schedule<TakeSnapshotsJob>(quartz, SnapshotsEvery);
            Schedule<ArchiveJob>(quartz, ArchiveEvery);
            Schedule<SendAlertNoticesJob>(quartz, NoticesEvery);
            Schedule<JudgeAlertsJob>(quartz, JudgeEvery);
            if (options.VerifyAt is { } time)
            {
                quartz.ScheduleJob<VerifyJob>(trigger =>
                    trigger
                        .WithIdentity(nameof(VerifyJob))
                        .WithCronSchedule(Daily(time), c => c.InTimeZone(TimeZoneInfo.Utc))
                );
            }
        });
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    /// <summary>Seconds, minutes, hours, and then every day.</summary>
    private static string Daily(TimeOnly time) =>
        string.Create(CultureInfo.InvariantCulture, $"0 {time.Minute} {time.Hour} * * ?");

    private static void Schedule<TJob>(IQuartzBuilder quartz, TimeSpan every)
        where TJob : IJob =>
        quartz.ScheduleJob<TJob>(trigger =>
            trigger
                .WithIdentity(typeof(TJob).Name)
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(every).RepeatForever())
        );
}
