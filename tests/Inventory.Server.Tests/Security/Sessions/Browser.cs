using System.Net;
using System.Text;
using Inventory.Server.Tests.Rest;

namespace Inventory.Server.Tests.Security.Sessions;

/// <summary>Keeps cookies as a browser does, and the antiforgery token that a page has been told.</summary>
internal sealed class Browser : IDisposable
{
    public const string SessionName = "inventory_session";
    private readonly Uri server;
    private readonly HttpClient http;

    public Browser(string address, CookieContainer? cookies = null)
    {
        server = new Uri(address);
        Cookies = cookies ?? new();
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies }) { BaseAddress = server };
    }

    public CookieContainer Cookies { get; }

    /// <summary>Null: none is sent.</summary>
    public string? Csrf { get; set; }

    public string? Session => Cookies.GetCookies(server)[SessionName]?.Value;

    /// <summary>Another window of the same browser, that came to have the same cookies.</summary>
    public Browser Copy(string? address = null, string? session = null)
    {
        var copied = new CookieContainer();
        copied.Add(Cookies.GetCookies(server));
        var other = new Browser(address ?? server.ToString(), copied) { Csrf = Csrf };
        if (session is not null)
        {
            copied.Add(other.server, new Cookie(SessionName, session));
        }
        else if (address is not null)
        {
            foreach (Cookie cookie in Cookies.GetCookies(server))
            {
                copied.Add(other.server, new Cookie(cookie.Name, cookie.Value));
            }
        }

        return other;
    }

    public async Task<RestAnswer> SignIn(string name, string password)
    {
        Csrf = null;
        var answer = await Send("POST", "/session", $$"""{"name": "{{name}}", "password": "{{password}}"}""");
        Csrf = answer.Status == 200 ? answer["csrfToken"] : null;
        return answer;
    }

    public Task<RestAnswer> Get(string path) => Send("GET", path);

    public async Task<RestAnswer> Send(
        string method,
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (Csrf is not null)
        {
            request.Headers.Add("X-CSRF-TOKEN", Csrf);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        return await RestAnswer.ReadAsync(response);
    }

    public void Dispose() => http.Dispose();
}
