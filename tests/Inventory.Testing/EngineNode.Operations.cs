using Inventory.Engine.Counts;
using Inventory.Engine.Integrity;
using Inventory.Engine.Journal;
using Inventory.Engine.Replenishment;
using Inventory.Engine.Reports;

namespace Inventory.Testing;

/// <summary>What keeps nothing between calls, made when it is first asked for.</summary>
public sealed partial class EngineNode
{
    public EvaluateReorders Evaluate => field ??= new(cell);

    public SetReorderPolicy SetPolicy => field ??= new(cell, Directory, Evaluate);

    public GetReorderPolicy Policy => field ??= new(cell, Directory);

    public ListReorderPolicies Policies => field ??= new(cell, Directory);

    public DeleteReorderPolicy DeletePolicy => field ??= new(cell, Directory);

    public AdvanceReorder AdvanceReorder => field ??= new(cell, Directory, Committed, Open, Evaluate);

    public ListReorders Reorders => field ??= new(cell, Directory);

    public GetForecast Forecast => field ??= new(cell, Directory);

    public CreateCount CreateCount => field ??= new(cell, Directory);

    public RecordCounts RecordCounts => field ??= new(cell, Directory, Open);

    public ApproveCount ApproveCount => field ??= new(cell, Directory, Committed, Expire);

    public CancelCount CancelCount => field ??= new(cell);

    public GetCount Count => field ??= new(cell);

    public ListCounts Counts => field ??= new(cell, Directory);

    public ListDiscrepancies Discrepancies => field ??= new(cell, Directory);

    public RepairStock Repair => field ??= new(cell, Directory, Committed);

    public RecordVerification Verification => field ??= new(cell, new VerifyInventory(cell));

    public ListFindings Findings => field ??= new(cell);

    public RunReport Report => field ??= new(cell, Directory);
}
