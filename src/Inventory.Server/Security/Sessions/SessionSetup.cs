using Inventory.Engine.Users;
using Inventory.Server.Security.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Inventory.Server.Security.Sessions;

/// <summary>Users with passwords, and the sessions that they sign in to.</summary>
internal static class SessionSetup
{
    public const string Scheme = "Session";
    public const string CsrfHeader = "X-CSRF-TOKEN";

    /// <summary>A session that nobody uses ends then; each use in its second half renews it.</summary>
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(30);

    /// <summary>What user administration needs, whether or not users may sign in here.</summary>
    public static void AddUsers(IServiceCollection services)
    {
        services.AddSingleton<CreateUser>();
        services.AddSingleton<UpdateUser>();
        services.AddSingleton<ResetPassword>();
        services.AddSingleton<ListUsers>();
        services.AddSingleton<Passwords>();
    }

    public static void AddSessions(IServiceCollection services, AuthenticationOptions options)
    {
        services.AddSingleton<CreateFirstAdmin>();
        services.AddSingleton<ListSessionUsers>();
        services.AddSingleton<TakeSignInAttempt>();
        services.AddSingleton<CompleteSignIn>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<EndSession>();
        services.AddSingleton<CookieKeys>();
        services.AddSingleton<UserRing>();
        services.AddHostedService(provider => provider.GetRequiredService<UserRing>());
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<SessionEndpoints>();
        var cookie = new SessionCookie(options.SecureCookies);
        services.AddSingleton(cookie);
        AddKeys(services);
        services
            .AddAuthentication()
            .AddCookie(
                Scheme,
                session =>
                {
                    session.Cookie = cookie.Session;
                    session.ExpireTimeSpan = IdleMax;
                    session.SlidingExpiration = true;
                }
            );
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie = cookie.Antiforgery;
            antiforgery.HeaderName = CsrfHeader;
            antiforgery.SuppressReadingTokenFromFormBody = true;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton<CookieKeyStore>();
        // One name for all servers: by default it is the folder that they run in.
        services.AddDataProtection().SetApplicationName("Inventory.Grpc");
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<CookieKeyStore>((management, store) => management.XmlRepository = store);
    }
}
