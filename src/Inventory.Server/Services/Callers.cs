namespace Inventory.Server.Services;

/// <summary>Who asks: the principal, not the credential.</summary>
internal static class Callers
{
    /// <summary>Everyone, as long as nobody has to say who they are.</summary>
    public const string Anonymous = "anonymous";
}
