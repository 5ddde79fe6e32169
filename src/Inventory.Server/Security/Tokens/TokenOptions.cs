namespace Inventory.Server.Security.Tokens;

/// <summary>Whose tokens are taken, and for whom they must be made.</summary>
public sealed record TokenOptions
{
    /// <summary>The <c>iss</c>, letter by letter.</summary>
    public required string Issuer { get; init; }

    /// <summary>What <c>aud</c> must hold.</summary>
    public required string Audience { get; init; }

    /// <summary>Where the issuer's keys are: an address, or else a file.</summary>
    public required Uri? KeysUrl { get; init; }

    public required string? KeysFile { get; init; }

    /// <summary>How often the address is asked; a file is looked at every ten seconds.</summary>
    public required TimeSpan KeysEvery { get; init; }

    /// <summary>Which <c>typ</c> are taken, in small letters, without application/.</summary>
    public required IReadOnlyCollection<string> Types { get; init; }
}
