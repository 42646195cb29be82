using System.Globalization;
using Akka.Zab.Recipes.Tests.Simulation.Scenarios;

namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>Runs seeds of a scenario: in a process of their own, whose thread pool has one thread.</summary>
internal static class Simulations
{
    public static readonly IReadOnlyDictionary<string, Func<Stage, Task>> All =
        new SortedDictionary<string, Func<Stage, Task>>(StringComparer.Ordinal)
        {
            ["herd"] = Herd.RunAsync,
            ["mutex"] = Locks.MutexAsync,
            ["shared-lock"] = Locks.SharedLockAsync,
            ["semaphore"] = Locks.SemaphoreAsync,
            ["election"] = Locks.ElectionAsync,
            ["queue"] = Work.QueueAsync,
            ["counter"] = Work.CounterAsync,
            ["double-barrier"] = Work.DoubleBarrierAsync,
            ["two-phase-commit"] = Work.TwoPhaseCommitAsync,
            ["cache"] = Work.CacheAsync,
        };

    /// <summary>What a seed came to, on one line; and why, if it failed.</summary>
    public static (string Line, IEnumerable<string> Steps, bool Ok) Run(string scenario, int seed, int seconds)
    {
        var stage = new Stage(seed, TimeSpan.FromSeconds(seconds));
        stage.Run(All[scenario]);
        var outcome = stage.World.Failure is { } failure ? $"{failure.GetType().Name}: {failure.Message}" : "ok";
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{scenario} {seed} {stage.World.Digest:x16} {stage.Successes} had, "
            + $"{stage.Ensemble.Expired.Count} expired: {outcome}");
        return (line, [.. stage.World.LastSteps, stage.World.Failure?.ToString() ?? ""], stage.World.Failure is null);
    }

    /// <summary>The program: <c>simulate SCENARIO FIRST COUNT SECONDS [trace]</c>.</summary>
    public static int RunSeeds(string[] arguments)
    {
        ThreadPool.GetMaxThreads(out var threads, out _);
        if (threads != 1)
        {
            Console.WriteLine(
                "Set DOTNET_ThreadPool_ForceMinWorkerThreads and DOTNET_ThreadPool_ForceMaxWorkerThreads to 1.");
            return 64;
        }
        Machine.Start(); // it waits for its own actors, which need the one thread
        var first = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var count = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        var seconds = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        var failed = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var (line, steps, ok) = Run(arguments[0], seed, seconds);
            Console.WriteLine(line);
            if (ok && arguments.Length < 5) continue;
            if (!ok) failed++;
            foreach (var step in steps) Console.WriteLine("  " + step);
            if (failed >= 3) break;
        }
        return failed == 0 ? 0 : 1;
    }
}
