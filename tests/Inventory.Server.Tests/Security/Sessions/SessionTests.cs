using System.Net;
using Grpc.Core;
using Inventory.Server.Hosting;
using Inventory.Server.Security.Sessions;
using Inventory.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security.Sessions;

[Parallelizable(ParallelScope.Self)]
public sealed class SessionTests : SessionFixture
{
    [Test]
    public async Task Who_has_signed_in_calls_by_their_own_name_and_may_do_what_their_roles_say()
    {
        var (browser, name) = await SignedIn("order_service");
        using var _ = browser;
        var sku = await Given.Stock(onHand: 1);

        var held = await browser.Send("POST", "/v1/reservations", OrderJson(sku));
        var write = await browser.Send("POST", "/v1/inventory:add", "{}");
        var told = await browser.Get("/session");

        Assert.That((held.Status, held["reservation.caller"]), Is.EqualTo((200, $"user:{name}")), held.Text);
        Assert.That((write.Status, write.Reason), Is.EqualTo((403, "SCOPE_MISSING")));
        Assert.That(
            (told["name"], told["caller"], told["roles"]),
            Is.EqualTo((name, $"user:{name}", "[\"order_service\"]"))
        );
        Assert.That(told["scopes"], Is.EqualTo("[\"reservations.read\",\"reservations.write\",\"stock.read\"]"));
        Assert.That(told.Headers["Cache-Control"], Does.Contain("no-store"));
    }

    [Test]
    public async Task Who_is_limited_to_warehouses_changes_the_stock_of_no_other()
    {
        var name = await GivenUser("warehouse_manager");
        var (own, other) = (await Given.Warehouse(), await Given.Warehouse());
        await Execute(
            "UPDATE user_account SET warehouses = ARRAY[@Own] WHERE name = @Name",
            new { Own = own, Name = name }
        );
        using var browser = NewBrowser();
        await browser.SignIn(name, Password);
        var sku = await Given.Stock(onHand: 1);

        var added = await browser.Send("POST", "/v1/inventory:add", AddJson(sku, own));
        var refused = await browser.Send("POST", "/v1/inventory:add", AddJson(sku, other));

        Assert.That(added.Status, Is.EqualTo(200), added.Text);
        Assert.That((refused.Status, refused.Reason), Is.EqualTo((403, "WAREHOUSE_NOT_PERMITTED")));
    }

    [Test]
    public async Task A_name_is_the_same_in_any_case_of_its_letters_and_the_caller_has_it_as_it_was_made()
    {
        var name = await GivenUser("viewer");
        using var browser = NewBrowser();

        var answer = await browser.SignIn(name.ToUpperInvariant(), Password);

        Assert.That((answer.Status, answer["caller"]), Is.EqualTo((200, $"user:{name}")));
    }

    [Test]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        var answer = await Post("/session", Body(await GivenUser(), Password));

        var cookies = answer.Headers["Set-Cookie"].ToLowerInvariant();
        Assert.That(cookies.Split("httponly"), Has.Length.EqualTo(3), "both");
        Assert.That(cookies.Split("samesite=strict"), Has.Length.EqualTo(3), "both");
        Assert.That(cookies, Does.Contain("path=/").And.Not.Contain("domain").And.Not.Contain("expires="));
    }

    [Test]
    public async Task Behind_TLS_the_cookie_is_bound_to_TLS_and_to_the_host()
    {
        await using var server = await AnotherServer(Database, (Setting.Cleartext, "on"));
        using var browser = new Browser(server.Ports.Http);

        var answer = await browser.SignIn(await GivenUser(), Password);

        var cookies = answer.Headers["Set-Cookie"];
        Assert.That(cookies, Does.Contain("__Host-inventory_session=").And.Contain("__Host-inventory_csrf="));
        Assert.That(cookies.Split("; secure"), Has.Length.EqualTo(3), "both");
    }

    [Test]
    public async Task The_cookie_of_one_server_is_good_on_another()
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;
        await using var other = await AnotherServer(Database);
        using var there = browser.Copy(other.Ports.Http);

        var told = await there.Get("/session");
        var made = await there.Send("POST", "/v1/warehouses", WarehouseJson());

        Assert.That((told.Status, made.Status), Is.EqualTo((200, 200)), told.Text + made.Text);
        Assert.That(told["name"], Is.EqualTo(name));
    }

    [Test]
    public async Task A_cookie_that_was_tampered_with_is_refused()
    {
        var (browser, _) = await SignedIn();
        using var __ = browser;
        var cookie = browser.Session!;
        foreach (var place in (int[])[0, 10, cookie.Length / 2, cookie.Length - 2])
        {
            var letter = cookie[place] == 'A' ? 'B' : 'A';
            using var forger = browser.Copy(session: cookie[..place] + letter + cookie[(place + 1)..]);

            var answer = await forger.Get("/v1/inventory");

            Assert.That((answer.Status, answer.Reason), Is.EqualTo((401, "SESSION_OVER")), $"{place}");
        }
    }

    [Test]
    public async Task A_session_ends_when_nobody_uses_it_and_after_eight_hours_however_busy()
    {
        var name = await GivenUser();
        var now = TimeProvider.System.GetUtcNow();
        var (fresh, idle, old) = (
            await Forge(name, now, now),
            await Forge(name, now.AddHours(-1), now.AddMinutes(-31)),
            await Forge(name, now.AddHours(-8), now)
        );

        Assert.That(await Status(fresh), Is.EqualTo(200));
        Assert.That(await Status(idle), Is.EqualTo(401));
        Assert.That(await Status(old), Is.EqualTo(401));
    }

    [TestCase("UPDATE user_account SET disabled_at = clock_timestamp() WHERE name = @Name")]
    [TestCase("UPDATE user_account SET roles = '{viewer}', stamp = gen_random_uuid() WHERE name = @Name")]
    public async Task A_session_and_its_stream_end_within_30_seconds_of_an_edit(string edit)
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;
        var sku = await Given.Stock(onHand: 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/availability:watch?skus={sku}");
        request.Headers.Add("Cookie", $"{Browser.SessionName}={browser.Session}");
        using var watch = await Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(watch.StatusCode, Is.EqualTo(HttpStatusCode.OK), await Text(watch));

        await Execute(edit, new { Name = name });
        await Eventually.TrueAsync(
            async () => (await browser.Get("/v1/inventory")).Status == 401,
            TimeSpan.FromSeconds(30)
        );

        var ended = await Assert.CatchAsync(async () =>
            await watch.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30))
        );
        Assert.That(ended, Is.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
    }

    [Test]
    public async Task Who_signs_out_ends_the_session_for_whoever_has_kept_the_cookie_too()
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;
        using var copy = browser.Copy();

        var left = await browser.Send("DELETE", "/session");
        var own = await browser.Get("/session");
        await Eventually.TrueAsync(async () => (await copy.Get("/session")).Status == 401, TimeSpan.FromSeconds(30));

        Assert.That((left.Status, own.Status, browser.Session), Is.EqualTo((204, 401, (string?)null)));
        Assert.That(
            await Read<int>(
                """
                SELECT count(*)::int FROM user_event JOIN user_account USING (user_id)
                WHERE name = @Name AND event = 'SIGNED_OUT'
                """,
                new { Name = name }
            ),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task GRPC_takes_no_cookie_on_either_port()
    {
        var (browser, _) = await SignedIn();
        using var __ = browser;
        var cookie = $"{Browser.SessionName}={browser.Session}";

        var grpc = await Refused(Stock.ListInventoryAsync(new(), new Metadata { { "cookie", cookie } }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inventory.v1.StockService/ListInventory")
        {
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add("Cookie", cookie);
        using var http = await Server.Http.SendAsync(request);

        Assert.That((grpc.Code, grpc.Reason), Is.EqualTo((StatusCode.Unauthenticated, "CREDENTIALS_MISSING")));
        Assert.That(http.Headers.GetValues("grpc-status"), Is.EqualTo(new[] { "16" }));
    }

    [Test]
    public async Task Beside_a_header_a_cookie_counts_for_nothing()
    {
        var (browser, _) = await SignedIn();
        using var __ = browser;
        var secret = (await ApiKey()).Secret;

        var forged = await browser.Send("GET", "/v1/inventory", null, ("Authorization", "Bearer forged"));
        browser.Csrf = null;
        var byKey = await browser.Send("GET", "/v1/inventory", null, ("Authorization", $"Bearer {secret}"));
        var made = await browser.Send("POST", "/v1/warehouses", WarehouseJson(), ("Authorization", $"Bearer {secret}"));
        var session = await browser.Send("GET", "/session", null, ("Authorization", $"Bearer {secret}"));

        Assert.That((forged.Status, forged.Reason), Is.EqualTo((401, "CREDENTIALS_INVALID")));
        Assert.That(byKey.Status, Is.EqualTo(200));
        Assert.That((made.Status, made.Reason), Is.EqualTo((403, "SCOPE_MISSING")), "the key's scopes, not the user's");
        Assert.That((session.Status, session.Reason), Is.EqualTo((403, "SESSION_REQUIRED")));
    }

    [Test]
    public async Task Pages_run_no_script_of_their_lines_and_read_nothing_as_HTML()
    {
        var (page, script, style) = (
            await Get("/sign-in"),
            await Get("/sign-in/sign-in.js"),
            await Get("/sign-in/sign-in.css")
        );

        Assert.That((page.Status, script.Status, style.Status), Is.EqualTo((200, 200, 200)));
        Assert.That(page.Headers["Content-Security-Policy"], Does.StartWith("default-src 'none'; script-src 'self'"));
        Assert.That(page.Headers["Content-Security-Policy"], Does.Not.Contain("unsafe"));
        Assert.That(page.Text, Does.Not.Match("<script(?! src=)").And.Not.Match(" on[a-z]+=").And.Not.Match("style="));
        Assert.That(script.Text, Does.Not.Contain("innerHTML").And.Not.Contain("insertAdjacentHTML"));
    }

    /// <summary>A cookie as the server writes it, of another time.</summary>
    private async Task<string> Forge(string name, DateTimeOffset since, DateTimeOffset renewed)
    {
        var user = await Read<(int Id, Guid Stamp)>(
            "SELECT user_id, stamp FROM user_account WHERE name = @Name",
            new { Name = name }
        );
        var session = new Session(Guid.NewGuid(), user.Id, user.Stamp, since);
        var properties = new AuthenticationProperties { IssuedUtc = renewed, ExpiresUtc = renewed.AddMinutes(30) };
        return Server
            .Part<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(SessionSetup.Scheme)
            .TicketDataFormat.Protect(new(session.ToPrincipal(), properties, SessionSetup.Scheme));
    }

    private async Task<int> Status(string session) =>
        (await Get("/session", ("Cookie", $"{Browser.SessionName}={session}"))).Status;

    private async Task<Engine.Access.CreateApiKey.Made> ApiKey() =>
        await new Engine.Access.CreateApiKey(Database.Cell).ExecuteAsync(
            new Engine.Access.NewApiKey
            {
                Name = Some.RequestId(),
                Scopes = ["stock.read"],
                Roles = [],
                Warehouses = null,
                Lifetime = null,
                CreatedBy = Some.Caller,
            },
            default
        );

    private static async Task<string> Text(HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();

    private static string OrderJson(string sku) =>
        $$"""{"requestId": "{{Some.RequestId()}}", "lines": [{"sku": "{{sku}}", "quantity": 1}]}""";

    private static string AddJson(string sku, string warehouse) =>
        $$"""{"sku": "{{sku}}", "warehouse": "{{warehouse}}", "quantity": 1}""";

    private static string WarehouseJson() => $$"""{"code": "{{Some.WarehouseCode()}}", "name": "W"}""";
}
