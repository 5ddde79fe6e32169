using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Inventory.Server.Tests.Hosting;

namespace Inventory.Server.Tests.Rest;

/// <summary>Tests of one server over its HTTP port.</summary>
public abstract class RestFixture : ServerFixture
{
    protected Task<RestAnswer> Get(string path, params (string Name, string Value)[] headers) =>
        Send("GET", path, body: null, headers);

    protected Task<RestAnswer> Post(string path, string body, params (string Name, string Value)[] headers) =>
        Send("POST", path, body, headers);

    protected async Task<RestAnswer> Send(
        string method,
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    ) => await SendBytes(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), "application/json", headers);

    protected async Task<RestAnswer> SendBytes(
        string method,
        string path,
        byte[]? body,
        string? type,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.Add(name, value);
            }
        }

        using var response = await Server.Http.SendAsync(request);
        return await RestAnswer.ReadAsync(response);
    }

    /// <summary>A first line as it is, which a client would tidy.</summary>
    protected async Task<string> SendLine(string method, string target)
    {
        var address = new Uri(Server.Ports.Http);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        var head = $"{method} {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    protected static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
