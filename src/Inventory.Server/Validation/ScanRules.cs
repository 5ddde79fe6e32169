using Google.Protobuf.WellKnownTypes;
using Inventory.Engine.Catalog.Identifiers;
using Inventory.Engine.Scans;
using Inventory.Server.Errors;
using Inventory.Server.Services;
using Inventory.V1;
using Enum = System.Enum;
using ScanMeaning = Inventory.V1.ScanMeaning;

namespace Inventory.Server.Validation;

/// <summary>
/// What is wrong with a request of ScanService; and with a scan, which is kept whatever is wrong with it.
/// </summary>
internal static class ScanRules
{
    private const string Field = "text";
    private const int NoteLengthMax = 1_000;

    private static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan AheadMax = TimeSpan.FromDays(1);

    /// <summary>A text that says nothing; not repeated, whatever it holds.</summary>
    public static ApiError Unread(ResolveIdentifierRequest request, string problem)
    {
        var violations = new Violations();
        violations.Add(
            Field,
            TextRules.Required(request.Text.Replace("\u001d", "", StringComparison.Ordinal), ParseIdentifier.LengthMax)
                ?? new Problem("FORMAT", problem)
        );
        return violations.Error!;
    }

    /// <param name="request">A message of a stream.</param>
    /// <param name="before">What the stream has had before it.</param>
    public static ApiError? Check(IngestScansRequest request, ScanSummary before)
    {
        var violations = new Violations();
        if (request.Scans.Count is 0 or > IngestScans.ScansMax)
        {
            violations.Add("scans", Problem.OutOfRange($"1 to {IngestScans.ScansMax} scans"));
            return violations.Error;
        }

        for (var i = 0; i < request.Scans.Count; i++)
        {
            var scan = request.Scans[i];
            if (TextRules.RequestId(scan.DeviceId) is { } device)
            {
                violations.Add($"scans[{i}].device_id", device);
            }

            if (scan.Sequence < 1)
            {
                violations.Add($"scans[{i}].sequence", Problem.OutOfRange("1 or more"));
            }
        }

        if (violations.Error is null && !before.HasRoom(request.Scans))
        {
            violations.Add("scans", Problem.OutOfRange($"of at most {ScanSummary.DevicesMax} devices in one stream"));
        }

        return violations.Error;
    }

    public static ApiError? Check(ListScansRequest request)
    {
        var violations = new Violations();
        PageRules.Check(request.PageSize, ListScans.PageSizeMax, request.PageToken, ref violations);
        violations.Add("device_id", TextRules.Optional(request.DeviceId, NewScan.TextLengthMax));
        violations.Add("state", Enum.IsDefined(request.State) ? null : Problem.UnknownValue);
        violations.Add("start_time", TimeRules.Valid(request.StartTime));
        violations.Add("end_time", TimeRules.Valid(request.EndTime));
        return violations.Error;
    }

    public static ApiError? Check(RetryScanRequest request)
    {
        var violations = new Violations();
        violations.Add("scan_id", ScanId(request.ScanId));
        return violations.Error;
    }

    public static ApiError? Check(ResolveScanRequest request)
    {
        var violations = new Violations();
        violations.Add("scan_id", ScanId(request.ScanId));
        violations.Add(
            "sku",
            request.Dismiss
                ? request.Sku.Length > 0
                    ? Problem.Conflict("is for a scan that is not dismissed")
                    : null
                : TextRules.Key(request.Sku)
        );
        violations.Add("note", TextRules.Optional(request.Note, NoteLengthMax));
        return violations.Error;
    }

    /// <returns>All that is wrong with the fields of a scan, for people; null: nothing.</returns>
    public static string? Flaw(Scan scan, bool isTag, DateTime now)
    {
        var isMove = scan.Meaning == ScanMeaning.Move;
        (string Name, Problem? Problem)[] fields =
        [
            ("scan_time", Time(scan.ScanTime, now)),
            ("quantity", Quantity(scan, isTag)),
            ("warehouse", TextRules.Key(scan.Warehouse)),
            (
                "meaning",
                scan.Meaning == ScanMeaning.Unspecified ? Problem.Required
                : Enum.IsDefined(scan.Meaning) ? null
                : Problem.UnknownValue
            ),
            (
                "to_warehouse",
                isMove ? TextRules.Key(scan.ToWarehouse)
                : scan.ToWarehouse.Length > 0 ? Problem.Conflict("is for moves")
                : null
            ),
            ("state", Enum.IsDefined(scan.State) ? null : Problem.UnknownValue),
            ("reason", TextRules.Optional(scan.Reason, NewScan.TextLengthMax)),
            ("reference", TextRules.Optional(scan.Reference, NewScan.TextLengthMax)),
        ];
        var flaws = string.Join(
            "; ",
            fields.Where(f => f.Problem is not null).Select(f => $"{f.Name} {f.Problem!.Description}")
        );
        return flaws.Length == 0 ? null : flaws;
    }

    /// <summary>A time that a device can have read at.</summary>
    public static Problem? Time(Timestamp? time, DateTime now) =>
        time is null ? Problem.Required
        : TimeRules.Valid(time) is not null || time.ToDateTime() < Earliest || time.ToDateTime() > now + AheadMax
            ? Problem.OutOfRange("from the year 2000 to a day from now")
        : null;

    private static Problem? Quantity(Scan scan, bool isTag) =>
        !scan.HasQuantity ? null
        : isTag && scan.Quantity != 1 ? Problem.OutOfRange("1: a tag names one thing")
        : NumberRules.Quantity(scan.Quantity);

    private static Problem? ScanId(string value) =>
        value.Length == 0 ? Problem.Required
        : Guid.TryParseExact(value, "D", out _) ? null
        : Problem.Format("an id that this server made: a UUID with hyphens");
}
