using Inventory.Engine.Database;

namespace Inventory.Engine.Users;

/// <summary>Who does something with a user, as it is written down.</summary>
/// <param name="Actor">The principal.</param>
/// <param name="Address">From where.</param>
/// <param name="Trace">The id under which logs and the answer have it.</param>
/// <param name="Origin">As <see cref="Actor"/> has it; none: no call.</param>
/// <param name="TraceId">As <see cref="Actor"/> has it; none: no call.</param>
public sealed record ActedFrom(string Actor, string Address, string Trace, int? Origin = null, Guid? TraceId = null)
{
    /// <summary>As other changes have it.</summary>
    internal Actor Who => new(Actor, Origin, TraceId);
}
