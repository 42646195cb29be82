using System.Globalization;
using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests.Simulation.Scenarios;

/// <summary>What several clients do together: nothing is lost, nothing is done twice, and everybody gets on.</summary>
internal static class Work
{
    public static async Task QueueAsync(Stage stage)
    {
        var added = new HashSet<string>();
        var maybeAdded = new HashSet<string>();
        var done = new HashSet<string>();
        var maybeDone = new HashSet<string>();
        var sending = 2;
        await stage.AllAsync([SendAsync("a"), SendAsync("b"), TakeAsync(), TakeAsync(), TakeAsync()]);
        var lost = added.Where(item => !done.Contains(item) && !maybeDone.Contains(item)).ToArray();
        if (lost.Length > 0) throw new InvalidOperationException($"{lost.Length} items are lost: {lost[0]}.");
        await stage.NothingIsLeftAsync("/q/items", "/q/claims", "/q/takers");

        async Task SendAsync(string name)
        {
            var place = new Place(stage);
            for (var i = 0; !stage.IsOver; i++)
            {
                var process = await place.ProcessAsync();
                var item = $"{name}{i}";
                await KeepOnAsync(process, stage, async () =>
                {
                    try
                    {
                        await new ZabQueue(process.Zab, "/q", process).EnqueueAsync(
                            Encoding.UTF8.GetBytes(item), stage.Chance.Next(3),
                            TimeSpan.FromMicroseconds(
                                stage.Chance.Next(3) == 0 ? stage.World.Spread(0, 3_000_000) : 0));
                        added.Add(item);
                    }
                    catch (ZabException)
                    {
                        maybeAdded.Add(item);
                        throw;
                    }
                });
                await stage.Pass(process, 1, 1_000_000);
            }
            sending--;
        }

        async Task TakeAsync()
        {
            var place = new Place(stage);
            while (sending > 0 || await IsLeftAsync(place))
            {
                var process = await place.ProcessAsync();
                await KeepOnAsync(process, stage, async () =>
                {
                    using var impatience = new CancellationTokenSource(TimeSpan.FromMicroseconds(
                        stage.World.Spread(1_000, 6_000_000)), process);
                    var item = await new ZabQueue(process.Zab, "/q", process).TakeAsync(impatience.Token);
                    var name = Encoding.UTF8.GetString(item.Data);
                    stage.Took(process, item, $"item {name}");
                    if (item.IsHeld && done.Contains(name))
                        throw new InvalidOperationException($"Item {name} comes again after it was acknowledged.");
                    await stage.Pass(process, 1, 300_000);
                    stage.Leaves(item);
                    if (stage.Chance.Next(30) == 0)
                    {
                        process.Die();
                        return;
                    }
                    try
                    {
                        if (stage.Chance.Next(10) > 0)
                        {
                            await item.AcknowledgeAsync();
                            if (!done.Add(name))
                                throw new InvalidOperationException($"Item {name} was acknowledged twice.");
                        }
                    }
                    catch (ZabException e) when (e.Error is ZabError.SessionExpired or ZabError.ConnectionLoss)
                    {
                        maybeDone.Add(name);
                        throw;
                    }
                    catch (ZabException e) when (e.Error == ZabError.NoNode && stage.HasExpired(process))
                    {
                        // Too late: it is another's.
                    }
                    await item.DisposeAsync();
                });
            }
        }

        async Task<bool> IsLeftAsync(Place place)
        {
            var left = true;
            var process = await place.ProcessAsync();
            await KeepOnAsync(process, stage, async () =>
            {
                await process.Zab.SyncAsync();
                left = await new ZabQueue(process.Zab, "/q", process).CountAsync() > 0;
            });
            return left;
        }
    }

    public static async Task CounterAsync(Stage stage)
    {
        var (sure, unsure) = (0, 0);
        await stage.AllAsync(Enumerable.Range(0, 4).Select(_ => AddAsync(new Place(stage))));
        var last = await stage.StartAsync();
        await last.Zab.SyncAsync();
        var value = await new ZabCounter(last.Zab, "/counter").GetAsync();
        if (value < sure || value > sure + unsure)
            throw new InvalidOperationException($"{sure} to {sure + unsure} additions gave {value}.");
        await stage.NothingIsLeftAsync("/counter");

        async Task AddAsync(Place place)
        {
            while (!stage.IsOver)
            {
                var process = await place.ProcessAsync();
                await KeepOnAsync(process, stage, async () =>
                {
                    try
                    {
                        await new ZabCounter(process.Zab, "/counter").AddAsync();
                        sure++;
                    }
                    catch (ZabException e) when (e.Error == ZabError.ConnectionLoss && !process.IsGone)
                    {
                        unsure++;
                    }
                    catch (ZabException)
                    {
                        unsure++;
                        throw;
                    }
                });
                await stage.Pass(process, 1, 300_000);
            }
        }
    }

    public static async Task DoubleBarrierAsync(Stage stage)
    {
        const int Parties = 4;
        const int Rounds = 15;
        var there = new Dictionary<int, HashSet<int>>();
        var inside = new Dictionary<int, Dictionary<int, Process>>();
        await stage.AllAsync(Enumerable.Range(0, Parties).Select(PartyAsync));
        await stage.NothingIsLeftAsync([.. Enumerable.Range(0, Rounds).Select(round => $"/barrier/{round}/inside")]);

        async Task PartyAsync(int me)
        {
            var place = new Place(stage);
            for (var round = 0; round < Rounds; round++)
            {
                there.TryAdd(round, []);
                inside.TryAdd(round, []);
                var (entered, mayBeDone) = (false, false);
                while (!entered)
                {
                    var process = await place.ProcessAsync();
                    await stage.Pass(process, 1, 2_000_000);
                    there[round].Add(me);
                    // The next one may come while the session of this one goes on.
                    if (stage.Chance.Next(8) == 0)
                    {
                        stage.World.After(stage.World.Spread(1_000, 4_000_000), () =>
                        {
                            if (!entered && !process.IsGone) process.Die();
                        }, process);
                    }
                    await KeepOnAsync(process, stage, async () =>
                    {
                        var barrier = new ZabDoubleBarrier(process.Zab, $"/barrier/{round}", Parties, $"party-{me}");
                        using var impatience = new CancellationTokenSource(
                            TimeSpan.FromMicroseconds(stage.World.Spread(1_000, 8_000_000)), process);
                        try
                        {
                            await barrier.EnterAsync(stage.Chance.Next(4) == 0 ? impatience.Token : default);
                        }
                        catch (OperationCanceledException)
                        {
                            if (!mayBeDone) there[round].Remove(me); // for certain
                            throw;
                        }
                        catch (ZabException)
                        {
                            // Its session was counted or not; if so it counts as done, and this party comes late.
                            mayBeDone = true;
                            throw;
                        }
                        entered = true;
                        if (there[round].Count < Parties)
                            throw new InvalidOperationException("Somebody begins before all are there.");
                        if (!mayBeDone) inside[round][me] = process;
                        await stage.Pass(process, 1, 1_000_000);
                        if (stage.Chance.Next(20) == 0)
                        {
                            process.Die();
                            return;
                        }
                        inside[round].Remove(me);
                        await barrier.LeaveAsync();
                        stage.World.Note($"{process.Name} is done with {round}");
                        if (inside[round].Values.Any(other => !other.IsGone && !stage.HasExpired(other)))
                            throw new InvalidOperationException("Somebody leaves before all are done.");
                    });
                }
            }
        }
    }

    public static async Task TwoPhaseCommitAsync(Stage stage)
    {
        string[] names = ["a", "b", "c"];
        for (var i = 0; !stage.IsOver; i++)
        {
            var id = $"t{i}";
            var coordinator = await stage.StartAsync();
            var commit = new ZabTwoPhaseCommit(coordinator.Zab, "/tx", coordinator);
            var begun = false;
            await KeepOnAsync(coordinator, stage, async () =>
            {
                await commit.BeginAsync(id, names, []);
                begun = true;
            }, alsoUnsure: true);
            if (!begun)
            {
                coordinator.Die();
                continue;
            }
            var patience = stage.Chance.Next(3) == 0
                ? TimeSpan.FromMicroseconds(stage.World.Spread(1_000, 5_000_000))
                : Timeout.InfiniteTimeSpan;
            var asking = stage.Chance.Next(2) == 0
                ? AskAsync(coordinator, id, patience)
                : Task.FromResult<Decision?>(null);
            if (stage.Chance.Next(3) == 0) coordinator.Die();
            var refuses = stage.Chance.Next(6);
            var decisions = await Task.WhenAll(names.Select((name, n) => VoteAsync(id, name, n != refuses, patience)));
            var asked = await asking;
            if (decisions.Distinct().Count() != 1 || (asked is not null && asked != decisions[0]))
                throw new InvalidOperationException("Not all got the same decision.");
            if (refuses < names.Length && decisions[0] == Decision.Commit)
                throw new InvalidOperationException("It was committed against a vote.");
            if (refuses >= names.Length && patience == Timeout.InfiniteTimeSpan && decisions[0] == Decision.Abort)
                throw new InvalidOperationException("It was aborted for no reason.");
            if (!coordinator.IsGone) await coordinator.EndAsync();
        }

        async Task<Decision?> AskAsync(Process process, string id, TimeSpan patience)
        {
            Decision? decision = null;
            await KeepOnAsync(process, stage, async () =>
                decision = await new ZabTwoPhaseCommit(process.Zab, "/tx", process).WaitAsync(id, patience));
            return decision;
        }

        async Task<Decision> VoteAsync(string id, string name, bool yes, TimeSpan patience)
        {
            var place = new Place(stage);
            Decision? decision = null;
            while (decision is null)
            {
                var process = await place.ProcessAsync();
                await stage.Pass(process, 1, 1_000_000);
                await KeepOnAsync(process, stage, async () =>
                    decision = await new ZabTwoPhaseCommit(process.Zab, "/tx", process)
                        .VoteAsync(id, name, yes, patience));
            }
            var last = await place.ProcessAsync();
            if (!last.IsGone) await last.EndAsync();
            return decision.Value;
        }
    }

    public static async Task CacheAsync(Stage stage)
    {
        var writing = 2;
        var written = 0;
        await stage.AllAsync([WriteAsync(), WriteAsync(), ReadAsync(), ReadAsync()]);

        async Task WriteAsync()
        {
            var place = new Place(stage);
            while (!stage.IsOver)
            {
                var process = await place.ProcessAsync();
                await KeepOnAsync(process, stage, async () =>
                {
                    foreach (var path in new[] { "/c", "/c/a", "/c/b", "/c/b/c" })
                        await process.Zab.CreatePathAsync(path);
                    // Always together, so nobody may see one without the others.
                    var data = Encoding.ASCII.GetBytes($"{++written}");
                    await process.Zab.MultiAsync([
                        new SetData("/c", data), new SetData("/c/a", data), new SetData("/c/b", data),
                        new SetData("/c/b/c", data)]);
                }, alsoUnsure: true);
                await stage.Pass(process, 1, 600_000);
            }
            writing--;
        }

        async Task ReadAsync()
        {
            var place = new Place(stage);
            var lastSeen = 0L;
            while (writing > 0)
            {
                var process = await place.ProcessAsync();
                await KeepOnAsync(process, stage, async () =>
                {
                    await using var cache = await ZnodeCache.StartAsync(process.Zab, "/c");
                    using var enough = new CancellationTokenSource(
                        TimeSpan.FromMicroseconds(stage.World.Spread(100_000, 20_000_000)), process);
                    var seenHere = 0L;
                    await foreach (var _ in cache.ReadChangesAsync(enough.Token))
                    {
                        var values = cache.Current.Values.Where(znode => znode.Version > 0)
                            .Select(znode => (znode.ModifiedZxid, Encoding.ASCII.GetString(znode.Data!)))
                            .Distinct().ToArray();
                        if (values.Length > 1)
                            throw new InvalidOperationException($"Half a transaction: {values[0]} and {values[1]}.");
                        if (values.Length == 0) continue;
                        if (values[0].ModifiedZxid < seenHere) throw new InvalidOperationException("Back in time.");
                        seenHere = values[0].ModifiedZxid;
                        stage.World.Note(string.Create(CultureInfo.InvariantCulture, $"seen {seenHere:x}"));
                    }
                });
            }
            // What was written last, everybody comes to see.
            var reader = await stage.StartAsync();
            await using var last = await ZnodeCache.StartAsync(reader.Zab, "/c");
            var there = await reader.Zab.GetDataAsync("/c");
            while (last.Current["/c"].ModifiedZxid < there.Stat.ModifiedZxid) await Stage.Pass(reader, 1_000);
            lastSeen = last.Current["/c"].ModifiedZxid;
            stage.World.Note(string.Create(CultureInfo.InvariantCulture, $"last seen {lastSeen:x}"));
        }
    }

    private static async Task KeepOnAsync(Process process, Stage stage, Func<Task> workAsync, bool alsoUnsure = false)
    {
        try
        {
            await workAsync();
        }
        catch (OperationCanceledException)
        {
            stage.World.Note($"{process.Name} has changed its mind");
        }
        catch (ZabException e) when (e.Error is ZabError.SessionExpired
            || (e.Error == ZabError.ConnectionLoss && (process.IsGone || alsoUnsure))
            || (e.Error == ZabError.NoNode && stage.HasExpired(process)))
        {
            stage.World.Note($"{process.Name} is told {e.Error}");
        }
    }
}
