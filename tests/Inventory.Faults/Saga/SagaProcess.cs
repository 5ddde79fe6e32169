using System.Diagnostics;

namespace Inventory.Faults.Saga;

/// <summary>One of the two programs of Inventory.Saga, as a process. It does not outlive who started it.</summary>
internal sealed class SagaProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private SagaProcess(string role, Uri server, SagaFolder folder, IEnumerable<string> skus)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Inventory.Saga.dll");
        process = Process.Start(
            new ProcessStartInfo("dotnet", [program, role, $"{server}", folder.Path, $"{folder.Seed}", .. skus])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            }
        )!;
        errors = process.StandardError.ReadToEndAsync();
    }

    public static SagaProcess Start(string role, Uri server, SagaFolder folder, IEnumerable<string> skus) =>
        new(role, server, folder, skus);

    public bool HasEnded => process.HasExited;

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits until it has done all that it has to.</summary>
    /// <exception cref="InvalidOperationException">It failed; what it said is in the message.</exception>
    public async Task EndAsync(TimeSpan within)
    {
        await process.WaitForExitAsync().WaitAsync(within);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"It ended with {process.ExitCode}:\n{await errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }
}
