using System.Globalization;
using FsCheck;
using Microsoft.FSharp.Core;

namespace Inventory.Engine.Tests.Model;

/// <summary>What the generated histories begin from: <c>INVENTORY_TEST_SEED</c>, or a number nobody chose.</summary>
internal static class ModelSeed
{
    public static ulong Take() =>
        ulong.TryParse(
            Environment.GetEnvironmentVariable("INVENTORY_TEST_SEED"),
            CultureInfo.InvariantCulture,
            out var set
        )
            ? set
            : (ulong)Random.Shared.NextInt64();

    public static Config Config(ulong seed, int histories) =>
        FsCheck
            .Config.QuickThrowOnFailure.WithMaxTest(histories)
            .WithReplay(new FSharpOption<Replay>(new Replay(new Rnd(seed), FSharpOption<int>.None)));
}
