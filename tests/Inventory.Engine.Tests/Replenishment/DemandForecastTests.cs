using Inventory.Engine.Replenishment;
using NUnit.Framework;

namespace Inventory.Engine.Tests.Replenishment;

/// <summary>Beside numbers that were reckoned by hand.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class DemandForecastTests
{
    private const double Near = 1e-9;

    private static readonly double[] Weekly = [1, 2, 3, 4, 5, 6, 7];

    [Test]
    public void One_day_behind_a_week_moves_the_level_by_alpha_times_its_error()
    {
        // The week's mean is 5, so the error of the eighth day is 5; with one error each alpha is as good as the first.
        var forecast = DemandForecast.Fit([4, 6, 4, 6, 4, 6, 5, 10]);

        Assert.That((forecast.Alpha, forecast.IsSeasonal), Is.EqualTo((0.05, false)));
        Assert.That(forecast.Level, Is.EqualTo(5.25).Within(Near));
        Assert.That(forecast.Day(1), Is.EqualTo(5.25).Within(Near));
        Assert.That((forecast.Error!.Days, forecast.Error.Mae, forecast.Error.Sigma), Is.EqualTo((1, 5.0, 5.0)));
        // Half of the 10 that were sold; and the day a week before was off by 6.
        Assert.That(forecast.Error.Wape, Is.EqualTo(0.5).Within(Near));
        Assert.That(forecast.Error.Mase, Is.EqualTo(5 / 6.0).Within(Near));
    }

    [Test]
    public void A_reorder_point_is_the_lead_times_demand_and_z_sigma_root_days()
    {
        var forecast = DemandForecast.Fit([4, 6, 4, 6, 4, 6, 5, 10]);

        // 4 * 5.25 = 21, and 1.644854 * 5 * 2 = 16.44854.
        Assert.That(forecast.SafetyStock(4, 0.95), Is.EqualTo(16.44854).Within(1e-4));
        Assert.That(forecast.ReorderPoint(4, 0.95), Is.EqualTo(38));
        Assert.That(forecast.ReorderPoint(4, 0.5), Is.EqualTo(21));
        Assert.That(forecast.ReorderPoint(0, 0.95), Is.Zero);
    }

    [TestCase(0.5, 0)]
    [TestCase(0.9, 1.2815516)]
    [TestCase(0.95, 1.6448536)]
    [TestCase(0.975, 1.9599640)]
    [TestCase(0.99, 2.3263479)]
    [TestCase(0.9999, 3.7190165)]
    [TestCase(0.05, -1.6448536)]
    public void The_normal_quantile_is_that_of_the_tables(double probability, double z) =>
        Assert.That(DemandForecast.NormalQuantile(probability), Is.EqualTo(z).Within(2e-6));

    [Test]
    public void A_week_that_repeats_is_forecast_without_error()
    {
        var forecast = DemandForecast.Fit(Enumerable.Repeat(Weekly, 8).SelectMany(w => w));

        Assert.That(forecast.IsSeasonal, Is.True);
        Assert.That(forecast.Level, Is.EqualTo(4).Within(Near));
        Assert.That(Enumerable.Range(1, 9).Select(forecast.Day), Is.EqualTo(Weekly.Concat([1.0, 2.0])).Within(Near));
        Assert.That((forecast.Error!.Days, forecast.Error.Mase), Is.EqualTo((28, null as double?)));
        Assert.That(forecast.Error.Mae, Is.Zero.Within(Near));
        Assert.That(forecast.ReorderPoint(7, 0.99), Is.EqualTo(28));
    }

    [Test]
    public void An_error_of_the_last_day_moves_the_level_for_all_weekdays()
    {
        var days = Enumerable.Repeat(Weekly, 4).SelectMany(w => w).ToArray();
        days[^1] = 8;

        var forecast = DemandForecast.Fit(days);

        // Of fourteen errors one is 1; the smallest parameters are taken, which are 0.05 and 0.
        Assert.That(forecast.Level, Is.EqualTo(4.05).Within(Near));
        Assert.That(forecast.Day(1), Is.EqualTo(1.05).Within(Near));
        Assert.That(forecast.Error!.Mae, Is.EqualTo(1 / 14.0).Within(Near));
        Assert.That(forecast.Error.Wape, Is.EqualTo(1 / 57.0).Within(Near));
        Assert.That(forecast.Error.Sigma, Is.EqualTo(Math.Sqrt(1 / 14.0)).Within(Near));
    }

    [Test]
    public void A_weekday_that_changes_for_good_is_learnt()
    {
        // From the third week on the last weekday sells 21 instead of 7.
        var days = Enumerable.Range(0, 70).Select(t => t >= 14 && t % 7 == 6 ? 21.0 : Weekly[t % 7]).ToArray();

        var forecast = DemandForecast.Fit(days);

        Assert.That(forecast.Gamma, Is.GreaterThan(0));
        Assert.That(forecast.Day(7), Is.GreaterThan(forecast.Day(6) + 5));
    }

    [Test]
    public void A_step_is_followed_quickly_and_noise_slowly()
    {
        var step = DemandForecast.Fit([.. Enumerable.Repeat(10.0, 7), .. Enumerable.Repeat(20.0, 20)]);
        var noise = DemandForecast.Fit(Enumerable.Range(0, 27).Select(t => t % 2 == 0 ? 0.0 : 20.0));

        Assert.That((step.Alpha, noise.Alpha), Is.EqualTo((0.9, 0.05)));
        Assert.That(step.Day(1), Is.EqualTo(20).Within(0.001));
    }

    [Test]
    public void Parameters_of_eight_weeks_are_chosen_without_the_days_that_judge_them()
    {
        // Quiet for four weeks, and a step in the last four: who saw the step would take a large alpha.
        double[] quiet = [.. Enumerable.Range(0, 28).Select(t => t % 2 == 0 ? 9.0 : 11.0)];

        var forecast = DemandForecast.Fit([.. quiet, .. Enumerable.Repeat(30.0, 28)]);

        Assert.That(forecast.Alpha, Is.EqualTo(0.05));
        Assert.That(forecast.Error!.Days, Is.EqualTo(28));
    }

    [Test]
    public void Stock_lasts_until_the_day_on_which_it_is_short_and_its_part()
    {
        var forecast = DemandForecast.Fit(Enumerable.Repeat(Weekly, 8).SelectMany(w => w));

        Assert.That(forecast.DaysOfCover(0, 365), Is.Zero);
        Assert.That(forecast.DaysOfCover(-3, 365), Is.Zero);
        // 1 + 2 + 3, and half of the 4 of the fourth day.
        Assert.That(forecast.DaysOfCover(8, 365), Is.EqualTo(3.5).Within(Near));
        Assert.That(forecast.DaysOfCover(1e9, 365), Is.EqualTo(365));
    }

    [Test]
    public void Little_history_gives_its_mean_and_none_gives_nothing()
    {
        var little = DemandForecast.Fit([2, 4]);
        var none = DemandForecast.Fit([]);

        Assert.That((little.Day(1), little.Error), Is.EqualTo((3.0, null as ForecastError)));
        Assert.That(
            (none.Day(1), none.Error, none.DaysOfCover(5, 365)),
            Is.EqualTo((0.0, null as ForecastError, null as double?))
        );
        Assert.That(none.ReorderPoint(7, 0.95), Is.Zero);
    }

    [Test]
    public void More_that_came_back_than_was_sold_is_no_demand_below_nothing()
    {
        var forecast = DemandForecast.Fit(Enumerable.Repeat(-2.0, 10));

        Assert.That((forecast.Day(1), forecast.ReorderPoint(7, 0.95)), Is.EqualTo((0.0, 0L)));
    }
}
