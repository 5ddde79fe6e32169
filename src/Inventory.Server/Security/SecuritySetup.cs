using Inventory.Engine.Access;
using Inventory.Server.Hosting;
using Inventory.Server.Security.ApiKeys;
using Inventory.Server.Security.Certificates;
using Inventory.Server.Security.Rates;
using Inventory.Server.Security.Sessions;
using Inventory.Server.Security.Tokens;
using Inventory.Server.Security.Transport;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Inventory.Server.Security;

/// <summary>Authentication and authorization, in front of every endpoint.</summary>
internal static class SecuritySetup
{
    /// <summary>Where ASP.NET looks whether somebody else has put authentication into the pipeline.</summary>
    private const string AuthenticationIsThere = "__AuthenticationMiddlewareSet";

    public static void Add(IServiceCollection services, ServerOptions server)
    {
        if (server.Tls is { } tls)
        {
            services.AddSingleton(tls);
            services.AddSingleton<TlsCertificate>();
            services.AddHostedService(provider => provider.GetRequiredService<TlsCertificate>());
        }

        var options = server.Authentication;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<ListApiKeys>();
        services.AddSingleton<RevokeApiKey>();
        services.AddSingleton<ListRevokedTokens>();
        services.AddSingleton<RevokeToken>();
        services.AddSingleton<ListMutations>();
        services.AddSingleton<ListRefusals>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<NoteRefusals>();
        services.AddSingleton<AccessAudit>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessAudit>());
        services.AddSingleton<AccessRefusals>();
        services.AddSingleton<WarehouseLimits>();
        services.AddSingleton<Actors>();
        services.AddSingleton<Gate>();
        services.AddSingleton<LiveCalls>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveCalls>());
        services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, configureOptions: null);
        SessionSetup.AddUsers(services);
        if (options.Users)
        {
            SessionSetup.AddSessions(services, options);
        }

        AddTokens(services, options);
        if (options.Certificates is { } certificates)
        {
            services.AddSingleton(certificates);
            services.AddSingleton<ClientCertificates>();
            services.AddHostedService(provider => provider.GetRequiredService<ClientCertificates>());
        }

        if (options.ApiKeys)
        {
            services.AddSingleton<NoteApiKeyUse>();
            services.AddSingleton<ApiKeyRing>();
            services.AddHostedService<ApiKeyUpkeep>();
        }
    }

    /// <summary>Sessions are ended before their time as tokens are.</summary>
    private static void AddTokens(IServiceCollection services, AuthenticationOptions options)
    {
        if (options.Tokens is not null || options.Users)
        {
            services.AddSingleton<RevokedTokens>();
            services.AddHostedService(provider => provider.GetRequiredService<RevokedTokens>());
        }

        if (options.Tokens is { } tokens)
        {
            services.AddSingleton(tokens);
            services.AddSingleton(provider =>
                ActivatorUtilities.CreateInstance<SigningKeys>(provider, KeySources.Of(tokens))
            );
            services.AddSingleton<TokenVerifier>();
            services.AddHostedService<KeysUpkeep>();
        }
    }

    /// <summary>Behind what finds the endpoint, before what runs it.</summary>
    public static void Use(WebApplication app)
    {
        // The host would put its own in front, which judges every call before it is known whether anybody asks, and
        // remembers nothing.
        ((IApplicationBuilder)app).Properties[AuthenticationIsThere] = true;
        var gate = app.Services.GetRequiredService<Gate>();
        app.Use(next => http => gate.PassAsync(http, next));
    }
}
