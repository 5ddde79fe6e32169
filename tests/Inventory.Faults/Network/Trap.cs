namespace Inventory.Faults.Network;

/// <summary>A fault that waits for one statement, and springs once.</summary>
internal sealed class Trap(Func<string, bool> statement, bool losesRequest, Afterwards afterwards)
{
    private readonly TaskCompletionSource<bool> sprung = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool LosesRequest => losesRequest;
    public Afterwards Afterwards => afterwards;

    /// <summary>Whether the database did the work whose answer nobody hears, or answered with an error.</summary>
    public Task<bool> Sprung => sprung.Task;

    public bool Matches(string sql) => statement(sql);

    public void Spring(bool done) => sprung.TrySetResult(done);
}
