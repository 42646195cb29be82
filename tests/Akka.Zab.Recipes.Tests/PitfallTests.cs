using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;
using Akka.Zab.Client.Tests;
using Akka.Zab.Recipes.Tests.Processes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>
/// What others have fallen into. CURATOR-n is Curator's issue of that number; the others are given with their project.
/// Watches on what is gone (CURATOR-107), and what a seed of faults does to all of it, are the simulation's affair.
/// </summary>
[Collection(EnsemblesCollection.Name)]
public class PitfallTests(Ensembles ensembles) : TestsOfEnsembles(ensembles, TimeSpan.FromSeconds(60))
{
    /// <summary>CURATOR-462, CURATOR-315, kazoo #732, zk-ruby #49: the ticket stays, and the lock with it.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task Who_gives_up_waiting_leaves_no_ticket_behind_whatever_he_waits_for(Via via)
    {
        var zab = await Client(via);
        Func<CancellationToken, Task<Hold>>[] recipes =
        [
            cancelled => new ZabMutex(zab, "/line").AcquireAsync(cancelled),
            cancelled => new ZabMutex(zab, "/line", reentrant: true).AcquireAsync(cancelled),
            cancelled => new ZabSharedLock(zab, "/line").AcquireExclusiveAsync(cancelled),
            cancelled => new ZabSharedLock(zab, "/line").AcquireSharedAsync(cancelled),
            cancelled => new ZabElection(zab, "/line", "me").LeadAsync(cancelled),
        ];
        await using (await new ZabMutex(zab, "/line").AcquireAsync(Patient))
        {
            foreach (var recipe in recipes)
            {
                using var now = new CancellationTokenSource();
                var waiting = recipe(now.Token);
                await now.CancelAsync(); // while the request for the ticket is under way
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            }
            await Children(zab, "/line", 1);
        }
        await using (await new ZabSemaphore(zab, "/s", 1).AcquireAsync(Patient))
        {
            using var later = new CancellationTokenSource();
            var waiting = new ZabSemaphore(zab, "/s", 1).AcquireAsync(later.Token);
            await Children(zab, "/s/given", 2);
            await later.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            await Children(zab, "/s/given", 1);
        }
        await (await new ZabSemaphore(zab, "/s", 1).AcquireAsync(Patient)).DisposeAsync();
    }

    /// <summary>CURATOR-376, kazoo #412: who lets go twice, or too late, lets go of another's.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task Who_has_lost_a_lock_does_not_release_the_next_holders(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        var lost = await new ZabMutex(a, "/m").AcquireAsync(Patient);
        await b.DeleteAsync(lost.Path);
        await using var held = await new ZabMutex(b, "/m").AcquireAsync(Patient);
        await lost.DisposeAsync();
        await lost.DisposeAsync();
        Assert.Null(await new ZabMutex(a, "/m").TryAcquireAsync(TimeSpan.Zero, Patient));
        Assert.True(held.IsHeld);
    }

    /// <summary>
    /// CURATOR-696, CURATOR-644, CURATOR-653; twitter-archive/commons #5; DistributedLock #156: cut off for longer than
    /// the session lasts, it goes on believing that it leads, or never stands again.
    /// </summary>
    [Fact]
    public async Task A_leader_that_was_cut_off_knows_that_another_leads_and_does_not_disturb_it()
    {
        var root = await Ensembles.RootAsync(Via.Wire);
        await using var proxy = FaultyProxy.Start(Ensembles.Address(Via.Wire));
        await using var cutOff = await ZabClient.ConnectAsync(
            $"127.0.0.1:{proxy.Port}{root}", new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(1) });
        await using var other = await Ensembles.ConnectAsync(Via.Wire, root);
        var leading = new TaskCompletionSource<Hold>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new ZabElection(cutOff, "/e", "first").RunWhileLeadingAsync(async (lead, mustStop) =>
        {
            leading.TrySetResult(lead);
            await Task.Delay(Timeout.InfiniteTimeSpan, mustStop);
        }, Patient);
        var first = await leading.Task.WaitAsync(Patience);
        proxy.Become(Fault.Drop);
        await using var second = await new ZabElection(other, "/e", "second").LeadAsync(Patient);
        Assert.False(first.IsHeld);
        Assert.True(second.FencingToken > first.FencingToken);
        proxy.Become(Fault.None);
        await Assert.ThrowsAsync<SessionExpiredException>(() => running.WaitAsync(Patience));
        Assert.Equal("second", Assert.Single(await new ZabElection(other, "/e", "").GetCandidatesAsync()).Id);
        Assert.True(second.IsHeld);
    }

    /// <summary>CURATOR-45, zk-ruby #54: the create is done, its answer lost, and nobody knows whose the ticket is.</summary>
    [Fact]
    public async Task A_ticket_whose_answer_was_lost_is_found_again()
    {
        var root = await Ensembles.RootAsync(Via.Wire);
        await using var proxy = FaultyProxy.Start(Ensembles.Address(Via.Wire));
        await using var zab = await ZabClient.ConnectAsync($"127.0.0.1:{proxy.Port}{root}");
        using var enough = new CancellationTokenSource();
        var breaking = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Task.Delay(30);
                proxy.Become(Fault.Reset);
                proxy.Become(Fault.None);
            }
        });
        for (var i = 0; i < 20; i++) await (await new ZabMutex(zab, "/m").AcquireAsync(Patient)).DisposeAsync();
        await enough.CancelAsync();
        await breaking;
        await Children(zab, "/m", 0);
    }

    /// <summary>CURATOR-233, CURATOR-80, Netflix/curator #99: one dies on the way in, and nobody gets in any more.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task A_barrier_opens_although_one_has_died_on_the_way_in(Via via)
    {
        var dying = await Client(via, TimeSpan.FromMilliseconds(400));
        _ = new ZabDoubleBarrier(dying, "/d", 3).EnterAsync(Patient).ContinueWith(
            static entered => entered.Exception, TaskScheduler.Default);
        var clients = new[] { await Client(via), await Client(via), await Client(via) };
        await Children(clients[0], "/d/inside", 1);
        dying.Abandon();
        await Children(clients[0], "/d/inside", 0);
        var barriers = clients.Select(client => new ZabDoubleBarrier(client, "/d", 3)).ToArray();
        await Task.WhenAll(barriers.Select(barrier => barrier.EnterAsync(Patient)));
        await Task.WhenAll(barriers.Select(barrier => barrier.LeaveAsync(Patient)));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_reader_does_not_get_in_beside_one_who_has_upgraded_when_the_writer_between_them_gives_up(Via via)
    {
        var zab = await Client(via);
        var sharedLock = new ZabSharedLock(zab, "/rw");
        var upgradeable = await sharedLock.AcquireUpgradeableAsync(Patient);
        using var impatience = new CancellationTokenSource();
        var writer = sharedLock.AcquireExclusiveAsync(impatience.Token);
        await Children(zab, "/rw", 2);
        var reader = sharedLock.AcquireSharedAsync(Patient);
        await Children(zab, "/rw", 3);
        var late = sharedLock.AcquireExclusiveAsync(Patient);
        await Children(zab, "/rw", 4);
        var writing = await upgradeable.UpgradeAsync(Patient);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer);
        await Children(zab, "/rw", 4);
        Assert.Null(await sharedLock.TryAcquireSharedAsync(TimeSpan.Zero, Patient));
        Assert.False(reader.IsCompleted);
        // To let go of the right to write is to stop writing.
        await upgradeable.DisposeAsync();
        Assert.False(writing.IsHeld);
        var reading = await reader;
        Assert.True(reading.FencingToken > writing.FencingToken);
        await reading.DisposeAsync();
        Assert.True((await late).FencingToken > reading.FencingToken);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_reentrant_mutex_is_tried_again_by_the_flow_that_has_it(Via via)
    {
        var mutex = new ZabMutex(await Client(via), "/m", reentrant: true);
        await using (var outer = await mutex.TryAcquireAsync(TimeSpan.Zero, Patient))
        {
            Assert.NotNull(outer);
            await using var inner = await mutex.TryAcquireAsync(TimeSpan.Zero, Patient);
            Assert.Equal(outer.FencingToken, inner!.FencingToken);
            await using var again = await mutex.AcquireAsync(Patient);
        }
        await using var other = await new ZabMutex(await Client(via), "/m").AcquireAsync(Patient);
        Assert.Null(await mutex.TryAcquireAsync(TimeSpan.Zero, Patient));
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_item_for_next_year_does_not_keep_a_taker_from_those_of_today(Via via)
    {
        var queue = new ZabQueue(await Client(via), "/q");
        await queue.EnqueueAsync([1], delay: TimeSpan.FromDays(365), cancellation: Patient);
        var taking = queue.TakeAsync(Patient);
        await Children(Clients[0], "/q/takers", 1);
        await queue.EnqueueAsync([2], cancellation: Patient);
        await using var item = await taking;
        Assert.Equal([2], item.Data);
        await item.AcknowledgeAsync();
    }

    /// <summary>CURATOR-376 again, where the next one's znode has the same name.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task Who_leaves_late_does_not_take_the_name_from_the_one_who_has_it_now(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        var (late, next) = (new ZabGroup(a, "/g"), new ZabGroup(b, "/g"));
        var lost = await late.JoinAsync("name", [1], Patient);
        await b.DeleteAsync(lost.Path);
        await using var held = await next.JoinAsync("name", [2], Patient);
        await Assert.ThrowsAsync<NoNodeException>(() => late.UpdateAsync(lost, [1], Patient));
        await lost.DisposeAsync();
        Assert.Equal([2], Assert.Single(await next.GetMembersAsync(Patient)).Data);

        var where = new Uri("http://10.0.0.1:80");
        var delisted = await new ZabServiceRegistry(a, "/s").RegisterAsync(
            "orders", new ServiceInstance("o1", where), cancellation: Patient);
        await b.DeleteAsync("/s/orders/o1");
        await using var listed = await new ZabServiceRegistry(b, "/s").RegisterAsync(
            "orders", new ServiceInstance("o1", where) { Weight = 2 }, cancellation: Patient);
        var gone = new ServiceInstance("o1", where) { Healthy = false };
        await Assert.ThrowsAsync<NoNodeException>(() => delisted.UpdateAsync(gone, Patient));
        await delisted.DisposeAsync();
        var instance = Assert.Single(await new ZabServiceRegistry(a, "/s").GetInstancesAsync("orders", Patient));
        Assert.Equal((2, true), (instance.Weight, instance.Healthy));
        Assert.True(held.IsHeld);
    }

    /// <summary>And where it is an item of a queue that is given back late.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task Who_gives_an_item_back_that_another_works_on_leaves_it_to_him(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        await new ZabQueue(a, "/q").EnqueueAsync([1], cancellation: Patient);
        var lost = await new ZabQueue(a, "/q").TakeAsync(Patient);
        await b.DeleteAsync(lost.Path);
        await using var item = await new ZabQueue(b, "/q").TakeAsync(Patient);
        Assert.Equal(lost.Path, item.Path);
        await lost.DisposeAsync();
        Assert.NotNull(await b.ExistsAsync(item.Path));
        await item.AcknowledgeAsync();
        Assert.Equal(0, await new ZabQueue(b, "/q").CountAsync(Patient));
    }

    /// <summary>A storm of watches: who watches the line is woken by everyone who joins or withdraws.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task Who_watches_the_leader_is_not_woken_by_those_who_stand_behind_it(Via via)
    {
        var observer = await Client(via);
        await using var zab = await Ensembles.ConnectAsync(via, ""); // what it asks for is not counted
        var line = Root + "/e";
        using var told = new TelemetryRecorder(Root!);
        await using var leaders = new ZabElection(observer, "/e", "").WatchLeaderAsync(Patient).GetAsyncEnumerator();
        Assert.True(await leaders.MoveNextAsync());
        Assert.Null(leaders.Current);
        var lead = await new ZabElection(zab, line, "first").LeadAsync(Patient);
        Assert.True(await leaders.MoveNextAsync());
        Assert.Equal("first", leaders.Current!.Id);
        var reads = told.Of("db.client.operation.duration").Count;

        var next = leaders.MoveNextAsync();
        using var withdraw = new CancellationTokenSource();
        var second = new ZabElection(zab, line, "second").LeadAsync(Patient);
        await Children(zab, line, 2);
        var third = new ZabElection(zab, line, "third").LeadAsync(withdraw.Token);
        await Children(zab, line, 3);
        await withdraw.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        await Children(zab, line, 2);
        await observer.SyncAsync(Patient); // whatever a watch has told of it comes before the answer
        var none = await Assert.ThrowsAsync<ZabException>(() => observer.RemoveWatchesAsync("/e", WatchType.Children));
        Assert.Equal(ZabError.NoWatcher, none.Error);
        Assert.Equal(reads + 2, told.Of("db.client.operation.duration").Count); // these two

        await lead.DisposeAsync();
        Assert.True(await next);
        Assert.Equal("second", leaders.Current.Id);
        await (await second).DisposeAsync();
    }
}
