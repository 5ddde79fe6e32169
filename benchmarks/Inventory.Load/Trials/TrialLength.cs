namespace Inventory.Load.Trials;

/// <param name="WarmUp">At full load before anything is counted.</param>
internal sealed record TrialLength(TimeSpan WarmUp, TimeSpan Measured)
{
    public static TrialLength Seconds(int warmUp, int measured) =>
        new(TimeSpan.FromSeconds(warmUp), TimeSpan.FromSeconds(measured));

    public int MeasuredSeconds => (int)Measured.TotalSeconds;
}
