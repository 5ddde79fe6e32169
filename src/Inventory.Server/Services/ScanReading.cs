using Inventory.Engine.Catalog.Identifiers;
using Inventory.Engine.Scans;
using Inventory.Server.Validation;
using Inventory.V1;
using IdentifierForm = Inventory.Engine.Catalog.Identifiers.IdentifierForm;
using ScanMeaning = Inventory.V1.ScanMeaning;
using ScanProblem = Inventory.Engine.Scans.ScanProblem;
using StockState = Inventory.V1.StockState;

namespace Inventory.Server.Services;

/// <summary>
/// Reads a scan as it came. What is wrong with it is no reason to refuse it: it is kept with its flaw, in texts that
/// the database can hold.
/// </summary>
internal static class ScanReading
{
    private const char Replacement = '\uFFFD';

    /// <param name="scan">Of a device and a sequence that can be.</param>
    /// <param name="now">By which its time is judged.</param>
    public static NewScan ToEngine(Scan scan, DateTime now)
    {
        var identifier = Keepable(scan.Identifier, NewScan.IdentifierLengthMax);
        var said = ParseIdentifier.Execute(scan.Identifier, DateOnly.FromDateTime(now), out var unread);
        var tag = said is { Form: IdentifierForm.Sgtin or IdentifierForm.Grai, Serial: { } serial }
            ? $"{said.Gtin?.ToString() ?? said.AssetType}/{serial}"
            : null;
        var quantity = scan.HasQuantity ? scan.Quantity : 1;
        var field = ScanRules.Flaw(scan, isTag: tag is not null, now);
        return new()
        {
            DeviceId = scan.DeviceId,
            Sequence = scan.Sequence,
            ScannedAt = ScanRules.Time(scan.ScanTime, now) is null ? scan.ScanTime.ToDateTime() : null,
            Identifier = identifier,
            Gtin = said?.Gtin?.ToString(),
            Tag = tag,
            Quantity = quantity,
            Warehouse = Keepable(scan.Warehouse, NewScan.TextLengthMax),
            ToWarehouse = NullIfEmpty(scan.ToWarehouse),
            Meaning =
                scan.Meaning != ScanMeaning.Unspecified && Enum.IsDefined(scan.Meaning)
                    // Both are numbered alike, and a test holds them to it.
                    ? (Engine.Scans.ScanMeaning)scan.Meaning
                    : null,
            State = StockMessages.ToEngine(Enum.IsDefined(scan.State) ? scan.State : StockState.Unspecified),
            Reason = NullIfEmpty(scan.Reason),
            Reference = NullIfEmpty(scan.Reference),
            Flaw =
                field is not null ? new(ScanProblem.FieldInvalid, field)
                : said is null ? new(ScanProblem.IdentifierMalformed, unread)
                : null,
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : Keepable(text, NewScan.TextLengthMax);

    /// <summary>As long as may be, without what PostgreSQL cannot hold: NUL, and halves of characters.</summary>
    private static string Keepable(string text, int lengthMax)
    {
        var kept = text.Length > lengthMax ? text[..lengthMax] : text;
        if (!kept.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !kept.Contains('\0', StringComparison.Ordinal))
        {
            return kept;
        }

        return string.Create(
            kept.Length,
            kept,
            static (to, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                {
                    var isPair =
                        (char.IsHighSurrogate(from[i]) && i + 1 < from.Length && char.IsLowSurrogate(from[i + 1]))
                        || (char.IsLowSurrogate(from[i]) && i > 0 && char.IsHighSurrogate(from[i - 1]));
                    to[i] = from[i] == '\0' || (char.IsSurrogate(from[i]) && !isPair) ? Replacement : from[i];
                }
            }
        );
    }
}
