using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Akka.Zab.Benchmarks.Parts;

/// <summary>Parts of a server by themselves, each per request, with what it allocates.</summary>
internal static class PartsRun
{
    public static void Run(string? filter)
    {
        // In this process: the benchmark's own build would not know which engine it is about.
        var config = DefaultConfig.Instance.WithArtifactsPath(Path.Combine(Path.GetTempPath(), "zab-parts")).AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(4).WithIterationCount(8));
        BenchmarkSwitcher.FromTypes([typeof(DecodeBenchmarks), typeof(TreeBenchmarks), typeof(JournalBenchmarks), typeof(ReplicaBenchmarks)])
            .Run(["--filter", filter is null ? "*" : $"*{filter}*"], config);
    }
}
