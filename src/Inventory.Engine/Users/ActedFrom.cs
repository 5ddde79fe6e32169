namespace Inventory.Engine.Users;

/// <summary>Who does something with a user, as it is written down.</summary>
/// <param name="Actor">The principal.</param>
/// <param name="Address">From where.</param>
/// <param name="Trace">The id under which logs and the answer have it.</param>
public sealed record ActedFrom(string Actor, string Address, string Trace);
