using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Inventory.Benchmarks;
using Perfolizer.Horology;

// In this process: the projects are what they are in the server, and no project is generated and restored on the way.
var job = Job
    .Default.WithToolchain(InProcessNoEmitToolchain.Instance)
    .WithIterationTime(TimeInterval.FromMilliseconds(250))
    .WithWarmupCount(4)
    .WithIterationCount(10);
BenchmarkSwitcher.FromAssembly(typeof(WireBenchmarks).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
