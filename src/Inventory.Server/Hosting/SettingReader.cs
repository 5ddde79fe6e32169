using System.Globalization;
using System.Net;

namespace Inventory.Server.Hosting;

/// <summary>Reads settings and collects all that is wrong with them, so that one start names every mistake.</summary>
internal sealed class SettingReader(IConfiguration configuration)
{
    private readonly List<string> problems = [];

    public string? Text(Setting setting) =>
        configuration[setting.ConfigurationKey] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    public int Number(Setting setting, int fallback, int min, int max)
    {
        if (Text(setting) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (number >= min && number <= max)
            {
                return number;
            }
        }

        Wrong(setting, $"is '{text}', and must be a whole number from {min} to {max}");
        return fallback;
    }

    /// <summary>on or off; off where nothing is said.</summary>
    public bool Flag(Setting setting)
    {
        switch (Text(setting))
        {
            case "on":
                return true;
            case null or "off":
                return false;
            case var text:
                Wrong(setting, $"is '{text}', and must be on or off");
                return false;
        }
    }

    /// <summary>HH:MM; null where it is off.</summary>
    public TimeOnly? TimeOfDay(Setting setting, TimeOnly fallback)
    {
        switch (Text(setting))
        {
            case null:
                return fallback;
            case "off":
                return null;
            case var text:
                if (
                    TimeOnly.TryParseExact(
                        text,
                        "HH:mm",
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.None,
                        out var time
                    )
                )
                {
                    return time;
                }

                Wrong(setting, $"is '{text}', and must be a time such as 03:00, or off");
                return fallback;
        }
    }

    public IPAddress Address(Setting setting, IPAddress fallback)
    {
        if (Text(setting) is not { } text)
        {
            return fallback;
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        Wrong(setting, $"is '{text}', and must be an IP address");
        return fallback;
    }

    public Uri? Url(Setting setting)
    {
        if (Text(setting) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        Wrong(setting, $"is '{text}', and must be a URL that begins with http:// or https://");
        return null;
    }

    /// <summary>Origins as browsers send them: scheme, host and port, and nothing behind.</summary>
    public IReadOnlyList<string> Origins(Setting setting)
    {
        var origins = (Text(setting) ?? "").Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        foreach (var origin in origins)
        {
            if (
                !Uri.TryCreate(origin, UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https")
                || url.GetLeftPart(UriPartial.Authority) != origin
            )
            {
                Wrong(setting, $"has '{origin}', and each must be an origin such as https://shop.example");
            }
        }

        return origins;
    }

    /// <param name="setting">What is wrong.</param>
    /// <param name="how">
    /// The end of a sentence that begins with the key. Never a connection string: it holds a password.
    /// </param>
    public void Wrong(Setting setting, string how) => problems.Add($"{setting.Key} ({setting.Option}) {how}.");

    /// <exception cref="ConfigurationException">Something is wrong.</exception>
    public void ThrowIfWrong()
    {
        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems);
        }
    }
}
