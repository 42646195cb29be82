using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests.Simulation.Scenarios;

/// <summary>Everything that is held: one at a time, or so many, in order, and nothing stays behind.</summary>
internal static class Locks
{
    public static async Task MutexAsync(Stage stage)
    {
        await WorkAsync(stage, 3, 2, async (process, cancellation) =>
        {
            var mutex = new ZabMutex(process.Zab, "/locks/m", stage.Chance.Next(3) == 0, process);
            var hold = stage.Chance.Next(4) switch
            {
                0 => await mutex.TryAcquireAsync(TimeSpan.Zero, cancellation),
                1 => await mutex.TryAcquireAsync(
                    TimeSpan.FromMicroseconds(stage.World.Spread(1, 3_000_000)), cancellation),
                _ => await mutex.AcquireAsync(cancellation),
            };
            if (hold is not null) await HoldAsync(stage, process, hold, "the mutex");
        });
        await stage.NothingIsLeftAsync("/locks/m");
    }

    public static async Task SharedLockAsync(Stage stage)
    {
        await WorkAsync(stage, 3, 2, async (process, cancellation) =>
        {
            var sharedLock = new ZabSharedLock(process.Zab, "/locks/s", process);
            switch (stage.Chance.Next(5))
            {
                case 0 or 1:
                    await HoldAsync(
                        stage, process, await sharedLock.AcquireSharedAsync(cancellation), "the lock", alone: false);
                    break;
                case 2:
                    await HoldAsync(stage, process, await sharedLock.AcquireExclusiveAsync(cancellation), "the lock");
                    break;
                default:
                    await using (var reading = await sharedLock.AcquireUpgradeableAsync(cancellation))
                    {
                        stage.Took(process, reading, "the lock", alone: false);
                        try
                        {
                            await stage.Pass(process, 1, 200_000);
                            if (!reading.IsHeld) break;
                            var writing = await reading.UpgradeAsync(cancellation);
                            stage.Leaves(reading);
                            await HoldAsync(stage, process, writing, "the lock");
                        }
                        finally
                        {
                            stage.Leaves(reading);
                        }
                    }
                    break;
            }
        });
        await stage.NothingIsLeftAsync("/locks/s");
    }

    public static async Task SemaphoreAsync(Stage stage)
    {
        const int Permits = 2;
        stage.Limit("a permit", Permits);
        await WorkAsync(stage, 3, 2, async (process, cancellation) =>
        {
            var hold = await new ZabSemaphore(process.Zab, "/sem", Permits, process).AcquireAsync(cancellation);
            stage.Took(process, hold, "a permit", alone: false);
            await UseAsync(stage, process, hold);
        });
        await stage.NothingIsLeftAsync("/sem/waiting", "/sem/given");
    }

    public static async Task ElectionAsync(Stage stage)
    {
        var last = 0;
        await WorkAsync(stage, 4, 1, async (process, cancellation) =>
        {
            var election = new ZabElection(process.Zab, "/election", $"candidate {++last}");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await election.RunWhileLeadingAsync(async (lead, mustStop) =>
            {
                stage.Took(process, lead, "the lead");
                try
                {
                    for (var uses = stage.Chance.Next(6); uses > 0 && !mustStop.IsCancellationRequested; uses--)
                    {
                        stage.Use(lead, "the lead");
                        await Task.Delay(TimeSpan.FromMicroseconds(stage.World.Spread(1, 800_000)), process, mustStop);
                    }
                    if (stage.Chance.Next(25) == 0) process.Die();
                    if (stage.Chance.Next(3) == 0) await stop.CancelAsync();
                }
                finally
                {
                    stage.Leaves(lead);
                }
            }, stop.Token);
        });
        await stage.NothingIsLeftAsync("/election");
    }

    private static Task HoldAsync(Stage stage, Process process, Hold hold, string what, bool alone = true)
    {
        stage.Took(process, hold, what, alone);
        return UseAsync(stage, process, hold, () => stage.Use(hold, what, alone));
    }

    private static async Task UseAsync(Stage stage, Process process, Hold hold, Action? use = null)
    {
        for (var uses = stage.Chance.Next(4); uses > 0 && !hold.Lost.IsCancellationRequested; uses--)
        {
            await stage.Pass(process, 1, 500_000);
            use?.Invoke();
        }
        stage.Leaves(hold);
        if (stage.Chance.Next(30) == 0) process.Die();
        else await hold.DisposeAsync();
    }

    /// <summary>In so many places so many at a time do the same again and again, and sometimes change their minds.</summary>
    private static Task WorkAsync(
        Stage stage, int places, int workers, Func<Process, CancellationToken, Task> workAsync)
    {
        return stage.AllAsync(Enumerable.Range(0, places).SelectMany(_ =>
        {
            var place = new Place(stage);
            return Enumerable.Range(0, workers).Select(_ => WorkerAsync(place));
        }));

        async Task WorkerAsync(Place place)
        {
            while (!stage.IsOver)
            {
                var process = await place.ProcessAsync();
                using var impatience = stage.Chance.Next(3) == 0
                    ? new CancellationTokenSource(TimeSpan.FromMicroseconds(stage.World.Spread(1, 5_000_000)), process)
                    : new CancellationTokenSource();
                try
                {
                    await workAsync(process, impatience.Token);
                }
                catch (OperationCanceledException)
                {
                    stage.World.Note($"{process.Name} has changed its mind");
                }
                catch (InvalidOperationException e)
                    when (e.Message.StartsWith("What is not held", StringComparison.Ordinal))
                {
                    // Lost a moment ago.
                }
                catch (ZabException e) when (e.Error is ZabError.SessionExpired
                    || (e.Error == ZabError.ConnectionLoss && process.IsGone)
                    || (e.Error == ZabError.NoNode && stage.HasExpired(process)))
                {
                    stage.World.Note($"{process.Name} is told {e.Error}");
                }
                await stage.Pass(process, 1, 100_000);
            }
        }
    }
}
