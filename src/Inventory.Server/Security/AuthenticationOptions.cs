using Inventory.Server.Hosting;
using Inventory.Server.Security.Certificates;
using Inventory.Server.Security.Tokens;

namespace Inventory.Server.Security;

/// <summary>How callers may prove who they are.</summary>
public sealed record AuthenticationOptions
{
    private const int KeysSecondsMin = 10;
    private const int KeysSecondsMax = 86_400;
    private const int RateMax = 1_000_000;

    /// <summary>Null: tokens are not taken.</summary>
    public required TokenOptions? Tokens { get; init; }

    public required bool ApiKeys { get; init; }

    /// <summary>Users may sign in with a password, and come by a session's cookie.</summary>
    public required bool Users { get; init; }

    /// <summary>Browsers come by TLS, the server's own or a proxy's, and shall send cookies by nothing else.</summary>
    public required bool SecureCookies { get; init; }

    /// <summary>Null: certificates are not taken.</summary>
    public required CertificateOptions? Certificates { get; init; }

    /// <summary>Calls a second of one caller; 0: no limit.</summary>
    public required int CallerRate { get; init; }

    /// <summary>Calls a second from one address that come without a credential that is believed.</summary>
    public required int StrangerRate { get; init; }

    /// <summary>In Development, where nothing is configured: this machine's calls are its developer's.</summary>
    public required bool TrustsLoopback { get; init; }

    private bool TakesNothing => Tokens is null && !ApiKeys && !Users && Certificates?.NamesFile is null;

    /// <param name="reader">Collects what is wrong.</param>
    /// <param name="environment">Where it is to serve; null: it is not.</param>
    internal static AuthenticationOptions Read(SettingReader reader, IHostEnvironment? environment)
    {
        var options = new AuthenticationOptions
        {
            Tokens = ReadTokens(reader),
            ApiKeys = reader.Flag(Setting.ApiKeys),
            Users = reader.Flag(Setting.Users),
            SecureCookies = reader.Text(Setting.TlsCertificate) is not null || reader.Text(Setting.Cleartext) is "on",
            Certificates = CertificateOptions.Read(reader),
            CallerRate = reader.Number(Setting.CallerRate, 0, 0, RateMax),
            StrangerRate = reader.Number(Setting.StrangerRate, 50, 1, RateMax),
            TrustsLoopback = false,
        };
        return options with { TrustsLoopback = options.TakesNothing && environment?.IsDevelopment() == true };
    }

    /// <summary>Where it is to serve, somebody must be able to call.</summary>
    internal void Check(SettingReader reader, IHostEnvironment? environment)
    {
        if (TakesNothing && environment?.IsDevelopment() == false)
        {
            reader.Wrong(
                Setting.JwtIssuer,
                $"is missing, {Setting.ApiKeys.Key} ({Setting.ApiKeys.Option}) and {Setting.Users.Key}"
                    + $" ({Setting.Users.Option}) are not on, and {Setting.TlsClients.Key}"
                    + $" ({Setting.TlsClients.Option}) names nobody: nobody could call."
                    + " Configure one of them; only in Development do calls from this machine need neither"
            );
        }
    }

    private static TokenOptions? ReadTokens(SettingReader reader)
    {
        Setting[] together = [Setting.JwtIssuer, Setting.JwtAudience, Setting.JwtKeys];
        if (together.All(s => reader.Text(s) is null))
        {
            return null;
        }

        foreach (var missing in together.Where(s => reader.Text(s) is null))
        {
            reader.Wrong(missing, "is missing: issuer, audience and keys of tokens go together");
        }

        var keys = reader.Text(Setting.JwtKeys) ?? "";
        var url = keys.Contains("://", StringComparison.Ordinal) ? ReadKeysUrl(reader, keys) : null;
        if (keys.Length > 0 && !keys.Contains("://", StringComparison.Ordinal))
        {
            CheckKeysFile(reader, keys);
        }

        return new()
        {
            Issuer = reader.Text(Setting.JwtIssuer) ?? "",
            Audience = reader.Text(Setting.JwtAudience) ?? "",
            KeysUrl = url,
            KeysFile = keys,
            KeysEvery = TimeSpan.FromSeconds(
                reader.Number(Setting.JwtKeysSeconds, 300, KeysSecondsMin, KeysSecondsMax)
            ),
            Types = ReadTypes(reader),
        };
    }

    /// <summary>Whoever stands between could give us keys of their own: only on this machine nobody does.</summary>
    private static Uri? ReadKeysUrl(SettingReader reader, string text)
    {
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            && url.UserInfo.Length == 0
        )
        {
            return url;
        }

        reader.Wrong(Setting.JwtKeys, $"is '{text}', and must be a file or a URL that begins with https://");
        return null;
    }

    private static void CheckKeysFile(SettingReader reader, string path)
    {
        try
        {
            KeySet.Parse(File.ReadAllBytes(path));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or FormatException)
        {
            reader.Wrong(Setting.JwtKeys, $"is '{path}', which cannot be used: {wrong.Message}");
        }
    }

    private static string[] ReadTypes(SettingReader reader)
    {
        var types = (reader.Text(Setting.JwtTypes) ?? "at+jwt").Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        var small = types.Select(t => t.ToLowerInvariant()).ToArray();
        if (small.Length == 0 || small.Any(t => t is not ("at+jwt" or "jwt")))
        {
            reader.Wrong(Setting.JwtTypes, "must be at+jwt, JWT, or both with a comma between");
        }

        return small;
    }
}
