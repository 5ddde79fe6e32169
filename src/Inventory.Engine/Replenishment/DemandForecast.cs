namespace Inventory.Engine.Replenishment;

/// <summary>
/// Demand of the days to come, from that of the days before: exponential smoothing of the level and of an additive
/// weekly season, without a trend. This is ETS(A,N,A) of Hyndman and Athanasopoulos, "Forecasting: Principles and
/// Practice", 3rd edition, sections 8.3 to 8.5, in its error-correction form: with the one-step error
/// <c>e = y - (level + season)</c>, level becomes <c>level + alpha e</c> and the weekday's season
/// <c>season + gamma e</c>. Both parameters are those of a small grid with the least sum of squared one-step errors.
/// Additive, so that days without demand are days like others.
/// </summary>
public sealed class DemandForecast
{
    /// <summary>Days of a season.</summary>
    public const int Week = 7;

    /// <summary>With fewer days only the level is smoothed, and with fewer than a week it is their mean.</summary>
    public const int SeasonalDaysMin = 4 * Week;

    /// <summary>Errors are told of so many last days, or of all but the first where there are few.</summary>
    public const int JudgedDays = 4 * Week;

    private const int SeasonalStart = 2 * Week;

    private static readonly double[] Alphas = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    private static readonly double[] Gammas = [0, 0.05, 0.1, 0.2, 0.3];

    private readonly double[] demand;
    private readonly double[] seasons = new double[Week];

    private DemandForecast(double[] demand) => this.demand = demand;

    /// <summary>The mean of a day, without its weekday's season.</summary>
    public double Level { get; private set; }

    /// <summary>How much of an error the level takes; 0 to 1.</summary>
    public double Alpha { get; private set; }

    /// <summary>How much of an error the weekday's season takes; 0 to 1.</summary>
    public double Gamma { get; private set; }

    /// <summary>Whether weekdays differ.</summary>
    public bool IsSeasonal => demand.Length >= SeasonalDaysMin;

    /// <summary>How far one-step forecasts were off; none with less than eight days.</summary>
    public ForecastError? Error { get; private set; }

    private int Start =>
        IsSeasonal ? SeasonalStart
        : demand.Length > Week ? Week
        : demand.Length;

    /// <summary>
    /// Where the days begin by which the forecast is judged. With eight weeks and more the parameters are chosen by the
    /// days before, so that the error is one of days that they have not seen.
    /// </summary>
    private int Judged => demand.Length >= 2 * JudgedDays ? demand.Length - JudgedDays : Start;

    /// <param name="days">Demand of each day, the oldest first, without a gap; returns may make one negative.</param>
    public static DemandForecast Fit(IEnumerable<double> days)
    {
        var forecast = new DemandForecast([.. days]);
        var chosenBy = forecast.Judged > forecast.Start ? forecast.Judged : forecast.demand.Length;
        var least = double.PositiveInfinity;
        foreach (var alpha in Alphas)
        {
            foreach (var gamma in forecast.IsSeasonal ? Gammas.Where(g => g <= 1 - alpha) : [0])
            {
                var squares = forecast.Run(alpha, gamma).Take(chosenBy - forecast.Start).Sum(e => e * e);
                if (squares < least)
                {
                    (least, forecast.Alpha, forecast.Gamma) = (squares, alpha, gamma);
                }
            }
        }

        var errors = forecast.Run(forecast.Alpha, forecast.Gamma);
        forecast.Error = forecast.Judge(errors[(forecast.Judged - forecast.Start)..]);
        return forecast;
    }

    /// <summary>Demand of a day.</summary>
    /// <param name="ahead">1 is the first day behind those that were given.</param>
    /// <returns>0 or more.</returns>
    public double Day(int ahead) => Math.Max(0, Level + seasons[(demand.Length + ahead - 1) % Week]);

    /// <summary>Demand of the next days together.</summary>
    public double Total(int days) => Enumerable.Range(1, days).Sum(Day);

    /// <summary>
    /// How long stock lasts, a day's demand spread evenly over the day.
    /// </summary>
    /// <param name="stock">In base units.</param>
    /// <param name="daysMax">What is answered for stock that lasts at least as long.</param>
    /// <returns>None without demand.</returns>
    public double? DaysOfCover(double stock, int daysMax)
    {
        if (Total(Week) <= 0)
        {
            return null;
        }

        var left = Math.Max(0, stock);
        for (var day = 1; day <= daysMax; day++)
        {
            var needed = Day(day);
            if (needed > left)
            {
                return day - 1 + left / needed;
            }

            left -= needed;
        }

        return daysMax;
    }

    /// <summary>
    /// What is kept beyond the demand of a lead time so that with the probability of the service level it is enough:
    /// <c>z * sigma * sqrt(days)</c>, for errors that are normal and independent (Silver, Pyke and Thomas, 4th edition,
    /// section 6.7). Sigma is the root of the mean squared one-step error.
    /// </summary>
    /// <param name="leadTimeDays">0 or more.</param>
    /// <param name="serviceLevel">Above 0, below 1.</param>
    public double SafetyStock(int leadTimeDays, double serviceLevel) =>
        NormalQuantile(serviceLevel) * (Error?.Sigma ?? 0) * Math.Sqrt(leadTimeDays);

    /// <summary>The demand of a lead time and the safety stock, rounded up.</summary>
    /// <param name="leadTimeDays">0 or more.</param>
    /// <param name="serviceLevel">Above 0, below 1.</param>
    public long ReorderPoint(int leadTimeDays, double serviceLevel)
    {
        // What is a whole number but for the last bits stays it.
        var point = Total(leadTimeDays) + SafetyStock(leadTimeDays, serviceLevel);
        return (long)Math.Min(Math.Ceiling(Math.Round(point, 6)), ReorderRule.QuantityMax);
    }

    /// <summary>
    /// The standard normal distribution's quantile: Wichura's algorithm AS 241, PPND7 (Applied Statistics 37, 1988),
    /// good to seven digits.
    /// </summary>
    internal static double NormalQuantile(double probability)
    {
        var q = probability - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var s = 0.180625 - q * q;
            return q
                * (((59.10937472 * s + 159.29113202) * s + 50.434271938) * s + 3.3871327179)
                / (((67.1875636 * s + 78.757757664) * s + 17.895169469) * s + 1);
        }

        var r = Math.Sqrt(-Math.Log(Math.Min(probability, 1 - probability)));
        var tail =
            r <= 5
                ? (((0.17023821103 * (r - 1.6) + 1.3067284816) * (r - 1.6) + 2.75681539) * (r - 1.6) + 1.4234372777)
                    / ((0.12021132975 * (r - 1.6) + 0.7370016425) * (r - 1.6) + 1)
                : (((0.017337203997 * (r - 5) + 0.42868294337) * (r - 5) + 3.081226386) * (r - 5) + 6.657905115)
                    / ((0.012258202635 * (r - 5) + 0.24197894225) * (r - 5) + 1);
        return Math.CopySign(tail, q);
    }

    /// <summary>
    /// Smooths from the first values on, and leaves level and seasons as they are behind the last day.
    /// </summary>
    /// <returns>The one-step errors of the days from <see cref="Start"/> on.</returns>
    private double[] Run(double alpha, double gamma)
    {
        var start = Start;
        Level = start == 0 ? 0 : demand.Take(start).Average();
        for (var day = 0; day < Week; day++)
        {
            seasons[day] = IsSeasonal ? (demand[day] + demand[day + Week]) / 2 - Level : 0;
        }

        var errors = new double[demand.Length - start];
        for (var t = start; t < demand.Length; t++)
        {
            var error = demand[t] - Level - seasons[t % Week];
            Level += alpha * error;
            seasons[t % Week] += gamma * error;
            errors[t - start] = error;
        }

        return errors;
    }

    /// <summary>As section 5.8 of the book has the measures, with the seasonal naive forecast for MASE.</summary>
    private ForecastError? Judge(double[] errors)
    {
        if (errors.Length == 0)
        {
            return null;
        }

        var absolute = errors.Average(Math.Abs);
        var sold = demand.TakeLast(errors.Length).Sum();
        var chosenBy = Judged > Start ? Judged : demand.Length;
        var naive = Enumerable.Range(Week, chosenBy - Week).Average(t => Math.Abs(demand[t] - demand[t - Week]));
        return new(
            errors.Length,
            absolute,
            sold > 0 ? absolute * errors.Length / sold : null,
            naive > 0 ? absolute / naive : null,
            Math.Sqrt(errors.Average(e => e * e))
        );
    }
}

/// <summary>How far forecasts of one day ahead were off.</summary>
/// <param name="Days">How many were judged.</param>
/// <param name="Mae">Mean absolute error, in base units a day.</param>
/// <param name="Wape">The absolute errors as a part of the demand; none where there was none.</param>
/// <param name="Mase">
/// The mean absolute error beside that of taking last week's day for this week's; below 1 is better than that. None
/// where that one is never off.
/// </param>
/// <param name="Sigma">The root of the mean squared error, in base units a day.</param>
public sealed record ForecastError(int Days, double Mae, double? Wape, double? Mase, double Sigma);
