using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests.Simulation.Scenarios;

/// <summary>
/// Fifty wait for the same thing. Each time it is handed on, one of them is woken, and the servers have to do with two:
/// the one who leaves and the one who comes. CURATOR-645 is what else may come of it.
/// </summary>
internal static class Herd
{
    private const int Waiters = 50;

    // Leaving, looking, guarding what is held; and the watches that two of them had.
    private const int MostRequests = 6, MostEvents = 3;

    public static async Task RunAsync(Stage stage)
    {
        var first = await stage.StartAsync();
        while (!stage.IsOver) await Stage.Pass(first, 100_000);
        await HandOnAsync(stage, process => new ZabMutex(process.Zab, "/m").AcquireAsync());
        await HandOnAsync(stage, process => new ZabSharedLock(process.Zab, "/rw").AcquireExclusiveAsync());
        await HandOnAsync(stage, process => new ZabElection(process.Zab, "/e", process.Name).LeadAsync());
        // The permit is a second line, in which only the first of the waiting one stands.
        await HandOnAsync(stage, process => new ZabSemaphore(process.Zab, "/s", 1).AcquireAsync(), share: 2);
    }

    private static async Task HandOnAsync(Stage stage, Func<Process, Task<Hold>> acquire, int share = 1)
    {
        var processes = new List<Process>();
        var holds = new List<Task<Hold>>();
        for (var i = 0; i < Waiters; i++)
        {
            var process = await stage.StartAsync();
            processes.Add(process);
            holds.Add(acquire(process));
            await Stage.Pass(process, 100_000);
        }
        for (var i = 0; i < Waiters - 1; i++)
        {
            var hold = await holds[i];
            await Stage.Pass(processes[i], 200_000);
            if (holds.Skip(i + 1).Any(static waiting => waiting.IsCompleted))
                throw new InvalidOperationException("Somebody did not wait.");
            var (requests, told) = (stage.Ensemble.Requests, stage.Ensemble.Told);
            await hold.DisposeAsync();
            await Stage.Pass(processes[i], 200_000);
            (requests, told) = (stage.Ensemble.Requests - requests, stage.Ensemble.Told - told);
            if (requests > MostRequests * share || told > MostEvents * share)
                throw new InvalidOperationException($"To hand it on took {requests} requests and {told} events.");
        }
        await (await holds[^1]).DisposeAsync();
        foreach (var process in processes) await process.EndAsync();
    }
}
