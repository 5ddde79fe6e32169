using System.Text;
using Grpc.Core;
using NUnit.Framework;

namespace Inventory.Server.Tests.GrpcApi;

[Parallelizable(ParallelScope.Self)]
public sealed class CredentialsTests
{
    private static readonly CallCredentials Token = CallCredentials.FromInterceptor(AddToken);
    private static readonly object State = new();

    [Test]
    public void Channel_credentials_say_what_they_are()
    {
        var pair = new KeyCertificatePair("chain", "key");
        VerifyPeerCallback verify = _ => true;
        var full = new SslCredentials("roots", pair, verify);

        Assert.That(Asked(ChannelCredentials.Insecure), Is.EqualTo((State, "insecure")));
        Assert.That(Asked(ChannelCredentials.SecureSsl), Is.EqualTo((State, new Ssl(null, null, null))));
        Assert.That(Asked(new SslCredentials("roots")), Is.EqualTo((State, new Ssl("roots", null, null))));
        Assert.That(Asked(new SslCredentials("roots", pair)), Is.EqualTo((State, new Ssl("roots", pair, null))));
        Assert.That(Asked(full), Is.EqualTo((State, new Ssl("roots", pair, verify))));
        Assert.That((full.RootCertificates, full.KeyCertificatePair), Is.EqualTo(("roots", pair)));
        Assert.That((pair.CertificateChain, pair.PrivateKey), Is.EqualTo(("chain", "key")));
    }

    [Test]
    public void A_channel_can_carry_call_credentials()
    {
        var channel = ChannelCredentials.Create(ChannelCredentials.SecureSsl, Token);

        Assert.That(Asked(channel), Is.EqualTo((State, (ChannelCredentials.SecureSsl, Token))));
        Assert.That(() => ChannelCredentials.Create(null!, Token), Throws.ArgumentNullException);
        Assert.That(() => ChannelCredentials.Create(ChannelCredentials.SecureSsl, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Call_credentials_say_what_they_are()
    {
        var two = CallCredentials.Compose(Token, Token);

        Assert.That(Asked(Token), Is.EqualTo((State, (AsyncAuthInterceptor)AddToken)));
        Assert.That(Asked(two).Answer, Is.EqualTo(new[] { Token, Token }));
        Assert.That(() => CallCredentials.Compose(Token), Throws.ArgumentException);
        Assert.That(() => CallCredentials.FromInterceptor(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void The_interceptor_is_told_which_call_it_is_for()
    {
        using var cancellation = new CancellationTokenSource();
        var context = new AuthInterceptorContext("https://shop/stock", "Reserve", cancellation.Token);

        Assert.That(
            (context.ServiceUrl, context.MethodName, context.CancellationToken),
            Is.EqualTo(("https://shop/stock", "Reserve", cancellation.Token))
        );
        Assert.That(new AuthInterceptorContext("a", "b").CancellationToken.CanBeCanceled, Is.False);
    }

    [Test]
    public void A_peer_is_known_by_the_property_that_names_it()
    {
        var name = AuthProperty.Create("name", Encoding.UTF8.GetBytes("bär"));
        var other = AuthProperty.Create("other", [1]);
        var properties = new Dictionary<string, List<AuthProperty>> { ["name"] = [name], ["other"] = [other] };

        var known = new AuthContext("name", properties);
        Assert.That(known.IsPeerAuthenticated, Is.True);
        Assert.That(known.PeerIdentityPropertyName, Is.EqualTo("name"));
        Assert.That(known.PeerIdentity.Single().Value, Is.EqualTo("bär"));
        Assert.That(known.Properties, Is.EquivalentTo(new[] { name, other }));
        Assert.That(known.FindPropertiesByName("other"), Is.EqualTo(new[] { other }));
        Assert.That(known.FindPropertiesByName("third"), Is.Empty);

        var unknown = new AuthContext(null, []);
        Assert.That(unknown.IsPeerAuthenticated, Is.False);
        Assert.That(unknown.PeerIdentity, Is.Empty);
    }

    [Test]
    public void The_bytes_of_a_property_are_copied_in_and_out()
    {
        byte[] given = [1, 2];
        var property = AuthProperty.Create("name", given);
        given[0] = 9;
        property.ValueBytes[1] = 9;

        Assert.That(property.ValueBytes, Is.EqualTo(new byte[] { 1, 2 }));
    }

    private static Task AddToken(AuthInterceptorContext context, Metadata metadata)
    {
        metadata.Add("authorization", context.MethodName);
        return Task.CompletedTask;
    }

    private static (object? State, object? Answer) Asked(ChannelCredentials credentials)
    {
        var configurator = new ChannelConfigurator();
        credentials.InternalPopulateConfiguration(configurator, State);
        return configurator.Asked;
    }

    private static (object? State, object? Answer) Asked(CallCredentials credentials)
    {
        var configurator = new CallConfigurator();
        credentials.InternalPopulateConfiguration(configurator, State);
        return configurator.Asked;
    }

    private sealed record Ssl(string? Roots, KeyCertificatePair? Pair, VerifyPeerCallback? Verify);

    private sealed class ChannelConfigurator : ChannelCredentialsConfiguratorBase
    {
        public (object? State, object? Answer) Asked { get; private set; }

        public override void SetInsecureCredentials(object? state) => Asked = (state, "insecure");

        public override void SetSslCredentials(
            object? state,
            string? rootCertificates,
            KeyCertificatePair? keyCertificatePair,
            VerifyPeerCallback? verifyPeerCallback
        ) => Asked = (state, new Ssl(rootCertificates, keyCertificatePair, verifyPeerCallback));

        public override void SetCompositeCredentials(
            object? state,
            ChannelCredentials channelCredentials,
            CallCredentials callCredentials
        ) => Asked = (state, (channelCredentials, callCredentials));
    }

    private sealed class CallConfigurator : CallCredentialsConfiguratorBase
    {
        public (object? State, object? Answer) Asked { get; private set; }

        public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials) =>
            Asked = (state, credentials);

        public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) =>
            Asked = (state, interceptor);
    }
}
