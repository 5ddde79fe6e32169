using System.Buffers.Binary;
using Inventory.Server.Hosting;
using Inventory.Server.Security.Users;
using Inventory.Server.Tests.Rest;
using Inventory.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security.Sessions;

[Parallelizable(ParallelScope.Self)]
public sealed class SignInTests : SessionFixture
{
    private const int FailuresMax = Engine.Users.TakeSignInAttempt.FailuresMax;

    [Test]
    public async Task A_stranger_is_told_the_same_whether_or_not_there_is_such_a_user()
    {
        var (known, disabled, locked) = (await GivenUser(), await GivenUser(), await GivenUser());
        await Execute(
            "UPDATE user_account SET disabled_at = clock_timestamp() WHERE name = @Name",
            new { Name = disabled }
        );
        await Execute(
            "UPDATE user_account SET locked_until = clock_timestamp() + interval '1 hour' WHERE name = @Name",
            new { Name = locked }
        );

        var wrong = await Try(known, "not the password");
        var others = new List<RestAnswer>
        {
            await Try($"u{Guid.NewGuid():n}", Password),
            await Try("<script>alert(1)</script>", Password),
            await Try("a\\u0000b", Password),
            await Try(disabled, Password),
            await Try(locked, Password),
        };

        Assert.That((wrong.Status, wrong.Reason), Is.EqualTo((401, "SIGN_IN_REFUSED")));
        foreach (var other in others)
        {
            Assert.That((other.Status, other.Text), Is.EqualTo((wrong.Status, wrong.Text)));
            Assert.That(other.Headers.Keys, Is.EquivalentTo(wrong.Headers.Keys));
        }
    }

    [Test]
    public async Task Of_fifty_who_guess_at_once_ten_are_judged_and_then_nobody_gets_in()
    {
        var name = await GivenUser();

        // Those that find no place to wait are not tried at all, and ask again.
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => UntilTried(name, "not the password")));
        var right = await UntilTried(name, Password);

        await Eventually.TrueAsync(async () => (await Refusals(name)).Count == 51);
        var reasons = (await Refusals(name)).CountBy(r => r).ToDictionary();
        Assert.That(reasons["SIGN_IN_PASSWORD_WRONG"], Is.EqualTo(FailuresMax - 1));
        Assert.That(reasons["SIGN_IN_LOCKED_NOW"], Is.EqualTo(1));
        Assert.That(reasons["SIGN_IN_LOCKED"], Is.EqualTo(51 - FailuresMax), "the right password too");
        Assert.That(right.Status, Is.EqualTo(401));
        Assert.That(
            await Read<int>("SELECT failed_count FROM user_account WHERE name = @Name", new { Name = name }),
            Is.EqualTo(FailuresMax)
        );
    }

    [Test]
    public async Task A_lock_grows_with_each_failure_up_to_an_hour_and_success_ends_the_count()
    {
        var name = await GivenUser();
        var minutes = new List<int>();
        foreach (var failures in (int[])[8, 9, 10, 11, 14, 15, 1_000])
        {
            await Execute(
                "UPDATE user_account SET failed_count = @Failures, locked_until = '-infinity' WHERE name = @Name",
                new { Name = name, Failures = failures }
            );
            await UntilTried(name, "not the password");
            minutes.Add(
                await Read<int>(
                    """
                    SELECT coalesce(round(extract(epoch FROM locked_until - clock_timestamp()) / 60), 0)::int
                    FROM user_account WHERE name = @Name
                    """,
                    new { Name = name }
                )
            );
        }

        await Execute("UPDATE user_account SET locked_until = '-infinity' WHERE name = @Name", new { Name = name });
        var right = await UntilTried(name, Password);

        Assert.That(minutes, Is.EqualTo([0, 1, 2, 4, 32, 60, 60]));
        Assert.That(right.Status, Is.EqualTo(200), right.Text);
        Assert.That(
            await Read<(int, DateTime?)>(
                "SELECT failed_count, locked_until FROM user_account WHERE name = @Name",
                new { Name = name }
            ),
            Is.EqualTo((0, (DateTime?)null))
        );
    }

    [Test]
    public async Task Who_signs_in_and_who_does_not_is_written_down_and_what_nobody_is_called_is_not()
    {
        var name = await GivenUser();
        var trace = Guid.NewGuid().ToString("n");
        // Others try here at the same time: one that is turned away for that was not tried.
        await Eventually.TrueAsync(
            async () =>
                (await Post("/session", Body("my secret password", "x"), ("x-correlation-id", trace))).Status != 429,
            TimeSpan.FromMinutes(2)
        );
        await UntilTried(name, "not the password");
        await UntilTried(name, Password);

        await Eventually.TrueAsync(async () => (await Refusals(name)).Count == 1);
        Assert.That(await Refusals(name), Is.EqualTo(new[] { "SIGN_IN_PASSWORD_WRONG" }));
        await Eventually.TrueAsync(async () =>
            await Read<long>("SELECT count(*) FROM access_refusal WHERE trace = @Trace", new { Trace = trace }) == 1
        );
        Assert.That(
            await Read<(string?, string, string)>(
                "SELECT caller, reason, target FROM access_refusal WHERE trace = @Trace",
                new { Trace = trace }
            ),
            Is.EqualTo(((string?)null, "SIGN_IN_NAME_UNKNOWN", "/session"))
        );
        Assert.That(
            await Read<(string, string, string)>(
                "SELECT event, actor, address FROM user_event JOIN user_account USING (user_id) WHERE name = @Name",
                new { Name = name }
            ),
            Is.EqualTo(("SIGNED_IN", $"user:{name}", "127.0.0.1"))
        );
    }

    [Test]
    public async Task A_password_that_was_hashed_with_less_work_is_hashed_anew_when_it_is_shown()
    {
        var old = new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        var name = await GivenUser(hash: old.HashPassword("", Password));

        var answer = await UntilTried(name, Password);
        var hash = Convert.FromBase64String(
            await Read<string>("SELECT password_hash FROM user_account WHERE name = @Name", new { Name = name })
        );

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(
            (
                hash[0],
                BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)),
                BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5))
            ),
            Is.EqualTo(((byte)1, 2u, 220_000u)),
            "V3, HMAC-SHA512, iterations"
        );
        Assert.That((await UntilTried(name, Password)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_flood_of_attempts_is_turned_away_before_anything_is_hashed()
    {
        await using var server = await AnotherServer(Database, (Setting.StrangerRate, "1"));
        using var browser = new Browser(server.Ports.Http);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => browser.Send("POST", "/session", "{}")));

        Assert.That(answers.Count(a => a.Status == 400), Is.InRange(1, 8));
        Assert.That(
            answers.Where(a => a.Status != 400).Select(a => (a.Status, a.Reason)),
            Has.All.EqualTo((429, "RATE_LIMITED"))
        );
    }

    [Test]
    public async Task More_who_hash_than_may_wait_are_turned_away()
    {
        using var passwords = new Passwords();
        var turns = Enumerable.Range(0, 100).Select(_ => passwords.EnterAsync(default)).ToList();

        var answered = await Task.WhenAll(turns.Where(t => t.IsCompleted));
        Assert.That(answered.Count(t => t is null), Is.InRange(82, 83), "sixteen wait, one or two hash");
        foreach (var turn in turns)
        {
            (await turn)?.Dispose();
        }

        using var again = await passwords.EnterAsync(default);
        Assert.That(again, Is.Not.Null);
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("\"admin\"")]
    [TestCase("{")]
    [TestCase("{\"name\": \"a\"}")]
    [TestCase("{\"name\": 1, \"password\": \"x\"}")]
    [TestCase("{\"name\": \"a\", \"password\": null}")]
    [TestCase("{\"name\": \"a\", \"password\": \"\\ud800\"}")]
    [TestCase("{\"name\": \"a\", \"password\": \"x\", \"admin\": true}")]
    public async Task What_is_no_attempt_is_refused_and_none_of_it_is_told(string body)
    {
        var answer = await Post("/session", body);

        Assert.That(answer.Status, Is.EqualTo(400), answer.Text);
        Assert.That(answer.Text, Does.Not.Contain("admin"));
    }

    [Test]
    public async Task A_body_that_is_too_long_is_refused()
    {
        var long_ = await Try("a", new string('x', 129));
        var huge = await Try("a", new string('x', 5_000));

        Assert.That((long_.Status, huge.Status), Is.EqualTo((400, 413)));
    }

    private Task<RestAnswer> Try(string name, string password) => UntilTried(name, password);

    private async Task<RestAnswer> UntilTried(string name, string password)
    {
        RestAnswer? answer = null;
        await Eventually.TrueAsync(
            async () => (answer = await Post("/session", Body(name, password))).Status != 429,
            TimeSpan.FromMinutes(2)
        );
        return answer!;
    }
}
