using Akka.Engine.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

switch (args)
{
    case ["local", ..]:
        // In this process: the benchmark's own build would not know which engine it is about.
        BenchmarkRunner.Run<LocalBenchmarks>(DefaultConfig.Instance.AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(10)));
        break;
    case ["remote"]:
        await RemoteRun.MeasureAsync();
        break;
    case ["persist"]:
        await PersistenceRun.MeasureAsync();
        break;
    case [RemoteRun.Peer]:
        await RemoteRun.ServeAsync();
        break;
    default:
        Console.Error.WriteLine(
            """
            local    tell, ask and spawn within one actor system
            remote   tell and ask between two processes, of which this program starts the other
            persist  single events by PersistAsync, on SQLite with every commit on the disk
            """);
        return 1;
}
return 0;
