using Quartz;

namespace Inventory.Server.Jobs;

/// <summary>When each job rings. Every node rings for itself: the engine's operations are safe on many.</summary>
internal static class JobSetup
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    public static void Add(IServiceCollection services)
    {
        services.AddQuartz(quartz =>
            quartz.ScheduleJob<ExpireHoldsJob>(trigger =>
                trigger
                    .WithIdentity("expire-holds")
                    .StartNow()
                    .WithSimpleSchedule(schedule => schedule.WithInterval(SweepEvery).RepeatForever())
            )
        );
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }
}
