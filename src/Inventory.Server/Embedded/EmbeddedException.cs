namespace Inventory.Server.Embedded;

/// <summary>The private servers can't be started; the message says why and what to do about it.</summary>
public sealed class EmbeddedException : Exception
{
    public EmbeddedException(string message)
        : base(message) { }

    public EmbeddedException(string message, Exception inner)
        : base(message, inner) { }
}
