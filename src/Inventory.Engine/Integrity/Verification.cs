using Inventory.Engine.Journal;

namespace Inventory.Engine.Integrity;

/// <summary>A verification of everything that was recorded.</summary>
/// <param name="VerificationId">Rises with time.</param>
/// <param name="StartedAt">When it began, by the database's clock, UTC.</param>
/// <param name="AsOf">The time of the snapshot that it looked at.</param>
/// <param name="StockRows">Stock rows looked at.</param>
/// <param name="Violations">Rules broken, counted by row; of very many only the first are kept.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record Verification(
    long VerificationId,
    DateTime StartedAt,
    DateTime AsOf,
    long StockRows,
    long Violations,
    TimeSpan Elapsed
);

/// <summary>What became of a request to verify and record. Append only; a number is never used again.</summary>
public enum RecordVerificationOutcome
{
    /// <summary>Everything was looked at, and what was found is recorded.</summary>
    Verified = 1,

    /// <summary>Another verification runs, here or on another server.</summary>
    Busy = 2,

    /// <summary>One was recorded a short while ago.</summary>
    DoneAlready = 3,
}

/// <summary>The answer.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Verification">What was recorded, if it was.</param>
/// <param name="Findings">What was found wrong; of very many the first.</param>
public sealed record RecordVerificationAnswer(
    RecordVerificationOutcome Outcome,
    Verification? Verification,
    IReadOnlyList<VerifyViolation> Findings
);
