using System.Diagnostics;
using System.Reflection;
using Inventory.Server.Tests.Hosting;
using Inventory.Testing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Client;

/// <summary>
/// The client as somebody else gets it: packed, restored into a project that knows nothing of this one, and run.
/// Without a network: what is not ours comes from what this build has restored.
/// </summary>
public sealed class PackageTests : ServerFixture
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(3);

    private static readonly string[] Packed =
    [
        "src/Inventory.Protos",
        "src/Inventory.Client",
        "src/grpc-api/Grpc.Core.Api",
        "src/grpc-api/Grpc.Net.Common",
    ];

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            <PackageReference Include="Inventory.Client" Version="*" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using Inventory.Client;
        using Inventory.V1;
        using Microsoft.Extensions.DependencyInjection;

        await using var services = new ServiceCollection()
            .AddInventoryClient(new InventoryClientOptions { Address = new Uri(args[0]) })
            .BuildServiceProvider();
        var client = services.GetRequiredService<InventoryClient>();
        var order = new ReserveInventoryRequest { Lines = { new ReserveLine { Sku = args[1], Quantity = 1 } } };
        Console.WriteLine((await client.Reservations.ReserveInventoryAsync(order)).Reservation.State);
        """;

    [Test]
    public async Task A_project_elsewhere_builds_against_the_package_and_reserves()
    {
        var sku = await Given.Stock(onHand: 5);
        var folder = Scratch.NewPath("package");
        Directory.CreateDirectory(folder);
        try
        {
            foreach (var project in Packed)
            {
                await DotnetAsync(Root, ["pack", project, .. Built, "-p:PackGrpcApi=true", "-o", $"{folder}/packages"]);
            }

            await WriteConsumerAsync(folder);
            await DotnetAsync(
                folder,
                ["build", "-c", "Release", "-o", "out", "--disable-build-servers", "-nologo", "-v", "q"]
            );
            var output = await DotnetAsync(folder, ["out/Consumer.dll", Server.Ports.Grpc, sku]);

            Assert.That(output.Trim(), Is.EqualTo("Held"));
            Assert.That(await Then.Reserved(sku), Is.EqualTo(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Root { get; } = FindRoot();

    /// <summary>As this very test was built: packing builds nothing anew.</summary>
    private static string[] Built { get; } =
    [
        "--no-build",
        "-nologo",
        "-v",
        "q",
        "-c",
        typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
    ];

    private static async Task WriteConsumerAsync(string folder)
    {
        var restored =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(folder, "Consumer.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Program);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{folder}/restored" /></config>
              <packageSources>
                <clear />
                <add key="ours" value="{folder}/packages" />
                <add key="restored" value="{restored}" />
              </packageSources>
            </configuration>
            """
        );
    }

    private static async Task<string> DotnetAsync(string folder, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the run of this test has set is not for another build.
        foreach (var name in start.Environment.Keys.Where(IsOfABuild).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(RunMax);
        await process.WaitForExitAsync().WaitAsync(RunMax);
        Assert.That(process.ExitCode, Is.Zero, $"dotnet {arguments[0]}: {output}\n{await errors}");
        return output;
    }

    private static bool IsOfABuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase)
        || name is "NUGET_PACKAGES";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Inventory.Grpc.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("No Inventory.Grpc.sln above the tests.");
        }

        return folder.FullName;
    }
}
