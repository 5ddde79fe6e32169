using Inventory.Server.Security.Users;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security.Sessions;

[Parallelizable(ParallelScope.Self)]
public sealed class PasswordTests : SessionFixture
{
    private const string Other = "eight blue kettles";

    [TestCase("elevenchars")]
    [TestCase("aaaaaaaaaaaaaaaa")]
    [TestCase("abababababababab")]
    [TestCase("Password1234")]
    [TestCase("PASSWORD1234!!!")]
    [TestCase("123456789012345")]
    [TestCase("correct horse battery staple")]
    [TestCase("alice.smith1alice.smith1")]
    [TestCase("ALICE.SMITH1")]
    [TestCase("tab\tand more than that")]
    public void A_password_that_is_short_or_guessed_first_is_none(string password) =>
        Assert.That(PasswordRules.Of(password, "alice.smith1"), Is.Not.Null);

    [TestCase("seven green bottles")]
    [TestCase("lösungsmittelfrei")]
    [TestCase("x7$kQ9!vTzzp")]
    public void A_long_password_needs_no_signs_and_may_have_any(string password) =>
        Assert.That(PasswordRules.Of(password, "alice"), Is.Null);

    [Test]
    public void A_password_has_128_characters_at_most()
    {
        var longest = string.Concat(Enumerable.Range(0, 128).Select(i => (char)('a' + i % 26)))[3..] + "xyz";

        Assert.That(PasswordRules.Of(longest, "alice"), Is.Null);
        Assert.That(PasswordRules.Of(longest + "x", "alice")?.Reason, Is.EqualTo("OUT_OF_RANGE"));
    }

    [Test]
    public async Task Who_was_told_a_password_may_set_another_and_do_nothing_else_before()
    {
        var name = await GivenUser(mustChange: true);
        using var browser = NewBrowser();
        var first = await browser.SignIn(name, Password);

        var read = await browser.Get("/v1/inventory");
        var listed = await browser.Get("/v1/users");
        var told = await browser.Get("/session");
        var changed = await Change(browser, Password, Other);
        var after = await browser.Get("/v1/users");

        Assert.That((first.Status, first["mustChangePassword"], first["scopes"]), Is.EqualTo((200, "True", "[]")));
        Assert.That((read.Status, read.Reason), Is.EqualTo((403, "PASSWORD_MUST_CHANGE")));
        Assert.That((listed.Status, listed.Reason), Is.EqualTo((403, "PASSWORD_MUST_CHANGE")));
        Assert.That(told.Status, Is.EqualTo(200));
        Assert.That((changed.Status, changed["mustChangePassword"]), Is.EqualTo((200, "False")));
        Assert.That(after.Status, Is.EqualTo(200), after.Text);
    }

    [Test]
    public async Task A_new_password_ends_the_other_sessions_and_not_the_one_that_set_it()
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;
        using var other = NewBrowser();
        await other.SignIn(name, Password);
        using var before = browser.Copy();

        var changed = await Change(browser, Password, Other);
        await Eventually.TrueAsync(async () => (await other.Get("/session")).Status == 401, TimeSpan.FromSeconds(30));
        var own = await browser.Get("/session");
        var copied = await before.Get("/session");
        using var again = NewBrowser();
        var old = await again.SignIn(name, Password);
        var @new = await again.SignIn(name, Other);

        Assert.That(changed.Status, Is.EqualTo(200), changed.Text);
        Assert.That((own.Status, copied.Status), Is.EqualTo((200, 401)));
        Assert.That((old.Status, @new.Status), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task A_session_does_not_serve_to_find_the_password()
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;
        await Execute("UPDATE user_account SET failed_count = 9 WHERE name = @Name", new { Name = name });

        var wrong = await Change(browser, "not the password", Other);
        var right = await Change(browser, Password, Other);

        Assert.That((wrong.Status, wrong.Reason), Is.EqualTo((401, "SIGN_IN_REFUSED")));
        Assert.That(right.Status, Is.EqualTo(401), "it is locked");
    }

    [TestCase("short", "OUT_OF_RANGE")]
    [TestCase(Password, "CONFLICT")]
    [TestCase("password1234", "FORMAT")]
    public async Task A_password_that_is_none_is_not_set(string next, string reason)
    {
        var (browser, name) = await SignedIn();
        using var _ = browser;

        var answer = await Change(browser, Password, next);

        Assert.That((answer.Status, answer.Fields), Is.EqualTo((400, new[] { ("new", reason) })));
        Assert.That(answer.Text, Does.Not.Contain(next == "short" ? "\"short" : next));
        Assert.That((await Post("/session", Body(name, Password))).Status, Is.EqualTo(200));
    }

    private static async Task<Rest.RestAnswer> Change(Browser browser, string current, string next)
    {
        var answer = await browser.Send(
            "POST",
            "/session/password",
            $$"""{"current": "{{current}}", "new": "{{next}}"}"""
        );
        browser.Csrf = answer.Status == 200 ? answer["csrfToken"] : browser.Csrf;
        return answer;
    }
}
