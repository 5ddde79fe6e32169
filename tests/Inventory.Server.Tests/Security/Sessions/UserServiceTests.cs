using Dapper;
using Grpc.Core;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using Inventory.V1;
using NUnit.Framework;

namespace Inventory.Server.Tests.Security.Sessions;

/// <summary>UserService, on a database where every other test's admins are gone.</summary>
public sealed class UserServiceTests : ServerFixture
{
    private UserService.UserServiceClient Users => new(Server.Channel);

    [Test]
    public async Task A_user_is_made_with_a_password_that_is_told_once()
    {
        var request = new CreateUserRequest
        {
            RequestId = Some.RequestId(),
            Name = Name(),
            Roles = { "warehouse_manager" },
            Warehouses = { "BER" },
        };

        var made = await Users.CreateUserAsync(request);
        var again = await Users.CreateUserAsync(request);
        var taken = await Refused(
            Users.CreateUserAsync(new() { Name = request.Name.ToUpperInvariant(), Roles = { "admin" } })
        );
        var reused = await Refused(
            Users.CreateUserAsync(
                new()
                {
                    RequestId = request.RequestId,
                    Name = Name(),
                    Roles = { "admin" },
                }
            )
        );

        Assert.That(made.OneTimePassword, Does.Match("^[a-z2-9]{5}(-[a-z2-9]{5}){3}$"));
        Assert.That((made.User.MustChangePassword, made.User.Creator, made.User.Version), Is.EqualTo((true, "dev", 1)));
        Assert.That((made.User.Warehouses.Single(), made.User.Disabled), Is.EqualTo(("BER", false)));
        Assert.That((again.Replayed, again.OneTimePassword, again.User), Is.EqualTo((true, "", made.User)));
        Assert.That((taken.Code, taken.Reason), Is.EqualTo((StatusCode.AlreadyExists, "USER_NAME_TAKEN")));
        Assert.That((reused.Code, reused.Reason), Is.EqualTo((StatusCode.AlreadyExists, "REQUEST_ID_REUSED")));
    }

    [Test]
    public async Task Users_are_listed_page_by_page_by_name()
    {
        var prefix = Name();
        foreach (var end in (string[])["c", "A", "b"])
        {
            await Make(prefix + end);
        }

        var (names, token) = (new List<string>(), "");
        do
        {
            var page = await Users.ListUsersAsync(new() { PageSize = 2, PageToken = token });
            names.AddRange(page.Users.Select(u => u.Name));
            token = page.NextPageToken;
        } while (token.Length > 0);
        var other = await Refused(Users.ListUsersAsync(new() { PageToken = "AAAA" }));

        Assert.That(
            names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)),
            Is.EqualTo(new[] { prefix + "A", prefix + "b", prefix + "c" })
        );
        Assert.That(other.Fields, Is.EqualTo([("page_token", "FORMAT")]));
    }

    [Test]
    public async Task An_edit_sets_what_its_mask_names_once()
    {
        var name = (await Make(Name())).Name;
        var request = new UpdateUserRequest
        {
            RequestId = Some.RequestId(),
            Name = name,
            Roles = { "viewer", "order_service" },
            Disabled = true,
            UpdateMask = new() { Paths = { "roles" } },
        };

        var edited = await Users.UpdateUserAsync(request);
        var again = await Users.UpdateUserAsync(request);
        var limited = await Users.UpdateUserAsync(new() { Name = name, Warehouses = { "BER" } });
        var free = await Users.UpdateUserAsync(
            new()
            {
                Name = name,
                UpdateMask = new() { Paths = { "warehouses" } },
            }
        );
        var stale = await Refused(
            Users.UpdateUserAsync(
                new()
                {
                    Name = name,
                    Disabled = true,
                    ExpectedVersion = 1,
                }
            )
        );
        var unknown = await Refused(Users.UpdateUserAsync(new() { Name = Name(), Disabled = true }));

        Assert.That((edited.User.Disabled, edited.User.Roles.Count, edited.User.Version), Is.EqualTo((false, 2, 2)));
        Assert.That((again.Replayed, again.User.Version), Is.EqualTo((true, 2)));
        Assert.That((limited.User.Warehouses.Count, free.User.Warehouses.Count), Is.EqualTo((1, 0)));
        Assert.That((stale.Code, stale.Reason), Is.EqualTo((StatusCode.Aborted, "VERSION_CONFLICT")));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "USER_UNKNOWN")));
    }

    [Test]
    public async Task A_reset_lifts_a_lock_and_tells_its_password_once()
    {
        var name = (await Make(Name())).Name;
        await Execute(
            "UPDATE user_account SET failed_count = 99, locked_until = 'infinity' WHERE name = @Name",
            new { Name = name }
        );
        var request = new ResetUserPasswordRequest { RequestId = Some.RequestId(), Name = name };

        var reset = await Users.ResetUserPasswordAsync(request);
        var again = await Users.ResetUserPasswordAsync(request);
        var unknown = await Refused(Users.ResetUserPasswordAsync(new() { Name = Name() }));

        Assert.That((reset.User.LockEndTime, reset.User.MustChangePassword), Is.EqualTo((default(object), true)));
        Assert.That((reset.OneTimePassword.Length, again.OneTimePassword, again.Replayed), Is.EqualTo((23, "", true)));
        Assert.That((unknown.Code, unknown.Reason), Is.EqualTo((StatusCode.NotFound, "USER_UNKNOWN")));
    }

    [TestCase("<script>alert(1)</script>")]
    [TestCase("Jürgen")]
    [TestCase("a b")]
    [TestCase(".hidden")]
    [TestCase("аdmin")]
    [TestCase("admin\n")]
    public async Task A_name_that_could_be_read_as_something_else_is_none(string name)
    {
        var refusal = await Refused(Users.CreateUserAsync(new() { Name = name, Roles = { "root" } }));

        Assert.That(refusal.Code, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(refusal.Fields.Select(f => f.Item1), Is.EqualTo(new[] { "name", "roles[0]" }));
    }

    [Test]
    public async Task The_last_admin_stays_one_and_of_two_who_end_each_other_at_once_one_does()
    {
        await Execute("UPDATE user_account SET disabled_at = clock_timestamp()");
        var (first, second) = (await Make(Name(), "admin"), await Make(Name(), "admin"));
        for (var round = 0; round < 10; round++)
        {
            var ends = await Task.WhenAll(
                Outcome(new() { Name = first.Name, Disabled = true }),
                Outcome(new() { Name = second.Name, Roles = { "viewer" } })
            );

            Assert.That(ends, Is.EquivalentTo(new[] { "", "LAST_ADMIN" }), $"round {round}");
            await Users.UpdateUserAsync(
                new()
                {
                    Name = first.Name,
                    Disabled = false,
                    Roles = { "admin" },
                }
            );
            await Users.UpdateUserAsync(
                new()
                {
                    Name = second.Name,
                    Disabled = false,
                    Roles = { "admin" },
                }
            );
        }

        await Users.UpdateUserAsync(new() { Name = second.Name, Disabled = true });
        Assert.That(await Outcome(new() { Name = first.Name, Disabled = true }), Is.EqualTo("LAST_ADMIN"));
        Assert.That(await Outcome(new() { Name = first.Name, Roles = { "viewer" } }), Is.EqualTo("LAST_ADMIN"));
        Assert.That(await Outcome(new() { Name = first.Name, Roles = { "admin", "viewer" } }), Is.Empty);
        Assert.That(await Outcome(new() { Name = second.Name, Roles = { "viewer" } }), Is.Empty, "counts no more");
    }

    private async Task<string> Outcome(UpdateUserRequest request)
    {
        try
        {
            await Users.UpdateUserAsync(request);
            return "";
        }
        catch (RpcException refused)
        {
            return new Refusal(refused).Reason;
        }
    }

    private async Task<User> Make(string name, string role = "viewer") =>
        (await Users.CreateUserAsync(new() { Name = name, Roles = { role } })).User;

    private async Task Execute(string sql, object? parameters = null)
    {
        await using var connection = await Database.Tables.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private static string Name() => $"u{Guid.NewGuid():n}";
}
