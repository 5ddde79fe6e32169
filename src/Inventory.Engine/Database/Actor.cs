namespace Inventory.Engine.Database;

/// <summary>
/// Who asks for a change, as the journal keeps it. Only the name is a part of the request's identity: the same request
/// from another address is the same request.
/// </summary>
/// <param name="Name">The principal, or the server's own job.</param>
/// <param name="Origin">
/// Under which scope and from which address, as <see cref="Origins"/> numbers it; none: the server itself.
/// </param>
/// <param name="Trace">The W3C trace id of the call; none: there was no call.</param>
public readonly record struct Actor(string Name, int? Origin = null, Guid? Trace = null);
