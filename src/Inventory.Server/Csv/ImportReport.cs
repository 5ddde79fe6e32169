using Google.Rpc;
using Inventory.Server.Errors;

namespace Inventory.Server.Csv;

/// <summary>What became of an import, as JSON.</summary>
/// <param name="RequestId">As asked, or as the server made it.</param>
/// <param name="DryRun">Nothing was written; the rest says what would have been.</param>
/// <param name="Replayed">The request id was known: this import has had no effect of its own.</param>
/// <param name="Outcome">APPLIED, WITH_REFUSALS or ABORTED, as a bulk update's.</param>
/// <param name="RowCount">Rows that were read; the header is none.</param>
/// <param name="AppliedCount">Of them, applied.</param>
/// <param name="RefusedCount">Of them, refused.</param>
/// <param name="Errors">By line; at most 10,000.</param>
/// <param name="ErrorsOmitted">How many rows are refused beyond those.</param>
internal sealed record ImportReport(
    string RequestId,
    bool DryRun,
    bool Replayed,
    string Outcome,
    int RowCount,
    int AppliedCount,
    int RefusedCount,
    IReadOnlyList<ImportReport.Problem> Errors,
    int ErrorsOmitted
)
{
    private static readonly Dictionary<int, string> CodeNames = CodeReflection
        .Descriptor.EnumTypes[0]
        .Values.ToDictionary(v => v.Number, v => v.Name);

    /// <param name="Line">Of the file, from 1: the header's, if that is the first.</param>
    /// <param name="Field">The column; none where it is the whole row.</param>
    /// <param name="Code">As gRPC names it, such as NOT_FOUND.</param>
    /// <param name="Reason">For programs.</param>
    /// <param name="Message">For people.</param>
    public sealed record Problem(int Line, string? Field, string Code, string Reason, string Message);

    public static Problem Malformed(int line, string? field, Validation.Problem problem) =>
        new(
            line,
            field,
            CodeNames[(int)Code.InvalidArgument],
            problem.Reason,
            $"{field ?? "the row"} {problem.Description}."
        );

    public static Problem Refused(int line, ApiError error) =>
        new(
            line,
            null,
            CodeNames[error.Details.Code],
            error.Details.Details[0].Unpack<ErrorInfo>().Reason,
            error.Details.Message
        );
}
