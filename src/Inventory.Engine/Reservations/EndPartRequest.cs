using Inventory.Engine.Database;

namespace Inventory.Engine.Reservations;

/// <summary>
/// Asks to end a hold in part, or to take a lapsed one again and confirm it. It has been validated: the limits here are
/// what the statement relies on.
/// </summary>
public sealed record EndPartRequest
{
    /// <summary>Which.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>
    /// Confirmed: the lines are sold. Cancelled or failed: they go back, and this is the state if nothing else is held.
    /// </summary>
    public required ReservationState Target { get; init; }

    /// <summary>The principal; part of the request's identity, and the journal's actor.</summary>
    public required Actor Caller { get; init; }

    /// <summary>1 to 64 printable characters; needed with lines. An end of the whole is its own proof.</summary>
    public string? RequestId { get; init; }

    /// <summary>At most <see cref="ReserveRequest.LinesMax"/>; none: all that is held.</summary>
    public IReadOnlyList<ReserveLine> Lines { get; init; } = [];

    /// <summary>Of a confirm with lines: whether the rest stays held. If not, it goes back.</summary>
    public bool KeepsRemainder { get; init; }

    /// <summary>
    /// Of a confirm: whether a hold that has lapsed is taken again, as far as it is asked for, if its stock is still
    /// there.
    /// </summary>
    public bool Reacquires { get; init; }

    internal Guid[] Keys => RequestId is null || Lines.Count == 0 ? [] : [RequestKey.Id(Caller, RequestId)];

    /// <summary>Of the request as asked.</summary>
    internal long Fingerprint()
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Number((long)RequestOperation.EndPart);
        content.Text(ReservationId.ToString());
        content.Number((long)Target);
        content.Flag(KeepsRemainder);
        content.Flag(Reacquires);
        foreach (var line in Demand.Sum(Lines))
        {
            content.Text(line.Sku);
            content.Text(line.Warehouse ?? "");
            content.Number(line.Quantity);
        }

        return content.ToFingerprint();
    }
}
