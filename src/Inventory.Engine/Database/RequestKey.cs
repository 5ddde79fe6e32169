namespace Inventory.Engine.Database;

/// <summary>
/// The identity of a mutation other than a reservation: from who asks under which request id. One id serves one
/// mutation: which one it was is part of the fingerprint.
/// </summary>
internal static class RequestKey
{
    /// <summary>
    /// Of three texts, the first of them fixed. A reservation's id is of two, so the same request id of a reservation
    /// is another identity.
    /// </summary>
    internal static Guid Id(Actor caller, string requestId)
    {
        var content = new StableContent(stackalloc byte[StableContent.StackMax]);
        content.Text("request");
        content.Text(caller.Name);
        content.Text(requestId);
        return content.ToId();
    }
}
