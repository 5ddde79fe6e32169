using System.Text.RegularExpressions;

namespace Inventory.Engine.Tests.Model;

/// <summary>A step, its answer, and when it began and ended, on one clock for all callers.</summary>
internal sealed record AnsweredStep(CallerStep Step, string Answer, long Began, long Ended)
{
    public override string ToString() => $"{Began} to {Ended}: {Step}: {Answer}";
}

/// <summary>
/// Looks for one order of all steps in which the model gives each its answer. A step stands behind every step that had
/// ended before it began; those that overlap may stand either way (Wing and Gong, 1993).
/// </summary>
/// <param name="callers">The steps of each, in order.</param>
/// <param name="ends">
/// Whether the model is where the tables are after all steps: answers alone may allow several orders, and of two that
/// overlap, each of which sets a row, the tables tell which was the last.
/// </param>
internal sealed partial class Linearization(
    IReadOnlyList<IReadOnlyList<AnsweredStep>> callers,
    Func<InventoryModel, bool>? ends = null
)
{
    private readonly HashSet<string> met = [];
    private readonly List<AnsweredStep> best = [];

    /// <summary>The longest order that the model agreed to, for whoever reads a failure.</summary>
    public IReadOnlyList<AnsweredStep> Longest => best;

    /// <returns>The model after all steps, in such an order; none if there is none.</returns>
    public InventoryModel? Find() => Find([], new int[callers.Count]);

    private InventoryModel? Find(List<AnsweredStep> order, int[] next)
    {
        if (order.Count > best.Count)
        {
            best.Clear();
            best.AddRange(order);
        }

        if (order.Count == callers.Sum(steps => steps.Count))
        {
            return ends is null || ends(After(order)) ? After(order) : null;
        }

        // The same steps done, in whatever order, and the same state: what can follow is the same.
        if (!met.Add($"{string.Join(',', next)} {After(order)}"))
        {
            return null;
        }

        var soonest = Heads(next).Min(head => head.Step.Ended);
        foreach (var (caller, step) in Heads(next).Where(head => head.Step.Began < soonest).ToList())
        {
            if (Told(After(order).Answer(step.Step)) != Told(step.Answer))
            {
                continue;
            }

            order.Add(step);
            next[caller]++;
            if (Find(order, next) is { } found)
            {
                return found;
            }

            next[caller]--;
            order.RemoveAt(order.Count - 1);
        }

        return null;
    }

    /// <summary>Whether a sweep has met a due hold yet is nobody's business: its version tells.</summary>
    private static string Told(string answer) => ExpiredVersion().Replace(answer, "Expired");

    [GeneratedRegex("Expired v[0-9]+")]
    private static partial Regex ExpiredVersion();

    private IEnumerable<(int Caller, AnsweredStep Step)> Heads(int[] next) =>
        callers
            .Select((steps, caller) => (caller, steps))
            .Where(c => next[c.caller] < c.steps.Count)
            .Select(c => (c.caller, c.steps[next[c.caller]]));

    /// <summary>Models change as they answer, so each place of the search begins from a fresh one.</summary>
    private static InventoryModel After(IEnumerable<AnsweredStep> order)
    {
        var model = new InventoryModel();
        foreach (var step in order)
        {
            model.Answer(step.Step);
        }

        return model;
    }
}
