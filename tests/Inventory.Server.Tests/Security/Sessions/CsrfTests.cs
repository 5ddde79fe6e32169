using System.Text;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security.Sessions;

/// <summary>A browser sends the cookie whoever makes it ask. Another site's page cannot have the token.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CsrfTests : SessionFixture
{
    [Test]
    public async Task Without_the_token_nothing_is_changed_and_reading_needs_none()
    {
        var (browser, _) = await SignedIn();
        using var __ = browser;
        browser.Csrf = null;

        var made = await Make(browser);
        var left = await browser.Send("DELETE", "/session");
        var read = await browser.Get("/v1/warehouses");

        Assert.That((made.Status, made.Reason), Is.EqualTo((403, "CSRF_TOKEN_INVALID")));
        Assert.That((left.Status, left.Reason), Is.EqualTo((403, "CSRF_TOKEN_INVALID")));
        Assert.That(read.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task The_token_of_another_session_or_a_made_up_one_is_no_good()
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;
        var own = browser.Csrf!;
        var (stranger, _) = await SignedIn();
        using var __ = stranger;
        using var again = NewBrowser();
        await again.SignIn(name, Password);

        foreach (var wrong in (string[])[stranger.Csrf!, again.Csrf!, "x", own[..^4] + "AAAA", own + own])
        {
            browser.Csrf = wrong;
            var refused = await Make(browser);
            Assert.That((refused.Status, refused.Reason), Is.EqualTo((403, "CSRF_TOKEN_INVALID")), wrong);
        }

        browser.Csrf = own;
        Assert.That((await Make(browser)).Status, Is.EqualTo(200));
    }

    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Origin", "https://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "http://127.0.0.1:1")]
    public async Task What_a_browser_says_that_another_site_has_caused_is_refused_even_with_the_token(
        string header,
        string value
    )
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;

        var made = await Make(browser, (header, value));
        var signIn = await Post("/session", Body(name, Password), (header, value));

        Assert.That((made.Status, made.Reason), Is.EqualTo((403, "CROSS_SITE")));
        Assert.That((signIn.Status, signIn.Reason), Is.EqualTo((403, "CROSS_SITE")));
    }

    [Test]
    public async Task What_our_own_page_has_caused_passes()
    {
        var (browser, _) = await SignedIn();
        using var __ = browser;

        var fetched = await Make(browser, ("Sec-Fetch-Site", "same-origin"));
        var older = await Make(browser, ("Origin", Server.Ports.Http));

        Assert.That((fetched.Status, older.Status), Is.EqualTo((200, 200)));
    }

    [Test]
    public async Task A_form_of_another_site_signs_nobody_in()
    {
        var name = await GivenUser();
        var body = Encoding.UTF8.GetBytes(Body(name, Password));

        var answer = await SendBytes("POST", "/session", body, "text/plain");

        Assert.That((answer.Status, answer.Headers.ContainsKey("Set-Cookie")), Is.EqualTo((415, false)));
    }

    private static Task<RestAnswer> Make(Browser browser, params (string, string)[] headers) =>
        browser.Send("POST", "/v1/warehouses", $$"""{"code": "{{Some.WarehouseCode()}}", "name": "W"}""", headers);
}
