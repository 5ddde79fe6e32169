using Inventory.Server.Hosting;
using Inventory.Testing;
using Npgsql;
using NUnit.Framework;

namespace Inventory.Server.Tests.Hosting;

[Parallelizable(ParallelScope.Self)]
public sealed class StartupTests
{
    [Test]
    public async Task The_version_is_told()
    {
        var (code, output, _) = await RunAsync("--version");

        Assert.That((code, output.Trim()), Is.EqualTo((0, ServerVersion.Text)));
        Assert.That(output, Does.StartWith("0.1.0"));
    }

    [Test]
    public async Task The_help_names_every_setting()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.That(code, Is.Zero);
        Assert.That(Setting.All.Where(s => !output.Contains(s.Key, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Setting.All.Where(s => !output.Contains($" {s.Option} ", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Everything_that_is_wrong_is_named_with_its_key()
    {
        var (code, _, errors) = await RunAsync(
            "serve",
            "--grpc-port",
            "70000",
            "--http-port=many",
            "--listen",
            "here",
            "--lanes",
            "0",
            "--otlp-endpoint",
            "collector:4317"
        );

        Assert.That(code, Is.EqualTo(2));
        Assert.That(
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]),
            Is.EquivalentTo([
                "INVENTORY_GRPC_PORT",
                "INVENTORY_HTTP_PORT",
                "INVENTORY_LISTEN",
                "INVENTORY_LANES",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "ConnectionStrings__Inventory",
                "INVENTORY_JWT_ISSUER",
            ])
        );
    }

    [Test]
    public async Task Without_a_database_a_server_in_Production_does_not_start()
    {
        var (code, _, errors) = await RunAsync();

        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("ConnectionStrings__Inventory (--database) is missing"));
    }

    [TestCase("Host=127.0.0.1;Password=hidden;Nonsense=1")]
    [TestCase("Database=inventory;Password=hidden")]
    [TestCase("hidden")]
    public async Task A_connection_string_that_is_wrong_is_not_shown(string database)
    {
        var (code, _, errors) = await RunAsync("serve", "--database", database);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("ConnectionStrings__Inventory").And.Not.Contain("hidden"));
    }

    [Test]
    public async Task A_Redis_connection_string_that_is_wrong_is_not_shown()
    {
        var (code, _, errors) = await RunAsync("--database", "Host=x", "--redis", "localhost,secretword=hidden");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("ConnectionStrings__Redis").And.Not.Contain("hidden"));
    }

    [TestCase("explode")]
    [TestCase("--explode=1")]
    [TestCase("serve", "--explode", "1")]
    [TestCase("serve", "--grpc-port")]
    public async Task What_is_not_known_is_refused(params string[] args)
    {
        var (code, _, errors) = await RunAsync(args);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task What_is_wrong_with_authentication_is_named_with_its_key()
    {
        var issuer = await RunAsync("--database", "Host=x", "--jwt-issuer", "https://issuer.example");
        var url = await RunAsync(
            "--database",
            "Host=x",
            "--jwt-issuer=i",
            "--jwt-audience=a",
            "--jwt-keys=http://issuer.example/keys",
            "--jwt-types=id+jwt",
            "--jwt-keys-seconds=1",
            "--api-keys=yes"
        );
        var file = await RunAsync(
            "--database=Host=x",
            "--jwt-issuer=i",
            "--jwt-audience=a",
            "--jwt-keys=/no/such/file"
        );

        Assert.That(Keys(issuer.Errors), Is.EquivalentTo(["INVENTORY_JWT_AUDIENCE", "INVENTORY_JWT_KEYS"]));
        Assert.That(
            Keys(url.Errors),
            Is.EquivalentTo([
                "INVENTORY_JWT_KEYS",
                "INVENTORY_JWT_TYPES",
                "INVENTORY_JWT_KEYS_SECONDS",
                "INVENTORY_API_KEYS",
            ])
        );
        Assert.That(Keys(file.Errors), Is.EqualTo(["INVENTORY_JWT_KEYS"]));

        static IEnumerable<string> Keys(string errors) =>
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]);
    }

    [Test]
    public async Task Clear_text_beyond_this_machine_is_a_mistake_unless_it_is_wished_for()
    {
        var unsaid = await RunAsync("--listen", "0.0.0.0");
        var wished = await RunAsync("--listen", "0.0.0.0", "--cleartext", "on");
        var lost = await RunAsync("--tls-key", "/no/key", "--tls-certificate", "/no/certificate");

        Assert.That(unsaid.Errors, Does.Contain("INVENTORY_TLS_CERTIFICATE (--tls-certificate) is missing"));
        Assert.That(wished.Errors, Does.Not.Contain("INVENTORY_TLS_CERTIFICATE (--"));
        Assert.That(lost.Errors, Does.Contain("INVENTORY_TLS_CERTIFICATE (--tls-certificate) is '/no/certificate'"));
    }

    [Test]
    public async Task The_two_ports_are_two()
    {
        var (_, _, errors) = await RunAsync("--grpc-port", "5090", "--http-port", "5090", "--database", "Host=x");

        Assert.That(errors, Does.StartWith("INVENTORY_HTTP_PORT (--http-port) is 5090, the port of gRPC"));
    }

    [Test]
    public async Task Migrate_brings_a_schema_to_this_version_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var cell = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            SearchPath = "fresh",
        }.ConnectionString;

        var first = await RunAsync("migrate", "--database", cell);
        var again = await RunAsync("migrate", "--database", cell);

        Assert.That((first.Code, again.Code), Is.EqualTo((0, 0)));
        Assert.That(first.Output, Does.StartWith("applied 0001_"));
        Assert.That(again.Output.Trim(), Is.EqualTo("the schema is up to date"));
    }

    [Test]
    public async Task A_database_that_is_away_is_one_sentence_and_no_stack_trace()
    {
        var (code, _, errors) = await RunAsync(
            "migrate",
            "--database",
            "Host=127.0.0.1;Port=1;Username=none;Database=none"
        );

        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await Startup.RunAsync(args, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
