using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>
/// The recipes, each in the shortest form in which it is of use, over both protocols and against both servers.
/// </summary>
[Collection(EnsemblesCollection.Name)]
public class RecipeTests(Ensembles ensembles) : TestsOfEnsembles(ensembles, TimeSpan.FromSeconds(30))
{
    [Theory, MemberData(nameof(All))]
    public async Task A_mutex_goes_from_one_to_the_next_in_order_and_the_token_grows(Via via)
    {
        var (a, b, c) = (await Client(via), await Client(via), await Client(via));
        var first = await new ZabMutex(a, "/locks/m").AcquireAsync(Patient);
        var waiting = new ZabMutex(b, "/locks/m").AcquireAsync(Patient);
        await Children(a, "/locks/m", 2);
        var last = new ZabMutex(c, "/locks/m").AcquireAsync(Patient);
        await Children(a, "/locks/m", 3);
        Assert.False(waiting.IsCompleted);
        Assert.Null(await new ZabMutex(c, "/locks/m").TryAcquireAsync(TimeSpan.Zero, Patient));
        await first.DisposeAsync();
        var second = await waiting.WaitAsync(Patience);
        Assert.True(second.IsHeld);
        Assert.True(second.FencingToken > first.FencingToken);
        Assert.False(last.IsCompleted);
        await second.DisposeAsync();
        Assert.True((await last).FencingToken > second.FencingToken);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_mutex_whose_holder_dies_is_free_when_its_session_ends(Via via)
    {
        var holder = await Client(via, TimeSpan.FromMilliseconds(400));
        var hold = await new ZabMutex(holder, "/m").AcquireAsync(Patient);
        var lost = Cancelled(hold.Lost);
        var other = await Client(via);
        var waiting = new ZabMutex(other, "/m").AcquireAsync(Patient);
        await Children(other, "/m", 2);
        holder.Abandon();
        await lost;
        Assert.False(hold.IsHeld);
        Assert.True((await waiting).FencingToken > hold.FencingToken);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Who_only_tries_takes_what_is_free_and_leaves_no_place_in_the_line_behind(Via via)
    {
        var zab = await Client(via);
        var shared = new ZabSharedLock(zab, "/s");
        await using (await shared.TryAcquireSharedAsync(TimeSpan.Zero, Patient))
        {
            Assert.Null(await shared.TryAcquireExclusiveAsync(TimeSpan.Zero, Patient));
            Assert.Null(await shared.TryAcquireExclusiveAsync(TimeSpan.FromMilliseconds(1), Patient));
            await using var other = await shared.TryAcquireSharedAsync(TimeSpan.Zero, Patient);
            Assert.True(other!.IsHeld);
        }
        Assert.NotNull(await shared.TryAcquireExclusiveAsync(TimeSpan.Zero, Patient));

        var semaphore = new ZabSemaphore(zab, "/p", 1);
        await using (await semaphore.TryAcquireAsync(TimeSpan.Zero, Patient))
        {
            Assert.Null(await semaphore.TryAcquireAsync(TimeSpan.Zero, Patient));
            Assert.Equal(1, await semaphore.CountAsync(Patient));
            await Children(zab, "/p/waiting", 0);
        }
        Assert.NotNull(await semaphore.TryAcquireAsync(Patience, Patient));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Who_stops_waiting_leaves_the_line(Via via)
    {
        var zab = await Client(via);
        var mutex = new ZabMutex(zab, "/m");
        await using var hold = await mutex.AcquireAsync(Patient);
        using var impatience = new CancellationTokenSource();
        var waiting = mutex.AcquireAsync(impatience.Token);
        await Children(zab, "/m", 2);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Children(zab, "/m", 1);
        Assert.Null(await mutex.TryAcquireAsync(TimeSpan.FromMilliseconds(1), Patient));
        Assert.True(hold.IsHeld);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_hold_whose_znode_is_deleted_by_somebody_is_lost(Via via)
    {
        var zab = await Client(via);
        var hold = await new ZabMutex(zab, "/m").AcquireAsync(Patient);
        var lost = Cancelled(hold.Lost);
        await zab.DeleteAsync(hold.Path);
        await lost;
        await hold.DisposeAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_reentrant_mutex_is_free_when_every_hold_is_gone(Via via)
    {
        var mutex = new ZabMutex(await Client(via), "/m", reentrant: true);
        var other = new ZabMutex(await Client(via), "/m");
        await using (var outer = await mutex.AcquireAsync(Patient))
        {
            await using (var inner = await mutex.AcquireAsync(Patient))
                Assert.Equal(outer.FencingToken, inner.FencingToken);
            Assert.Null(await other.TryAcquireAsync(TimeSpan.Zero, Patient));
        }
        await (await other.AcquireAsync(Patient)).DisposeAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Readers_share_a_lock_and_a_writer_has_it_alone(Via via)
    {
        var zab = await Client(via);
        var sharedLock = new ZabSharedLock(zab, "/rw");
        var one = await sharedLock.AcquireSharedAsync(Patient);
        var two = await sharedLock.AcquireSharedAsync(Patient);
        var writer = sharedLock.AcquireExclusiveAsync(Patient);
        await Children(zab, "/rw", 3);
        var late = sharedLock.AcquireSharedAsync(Patient);
        await Children(zab, "/rw", 4);
        await two.DisposeAsync();
        Assert.False(writer.IsCompleted);
        await one.DisposeAsync();
        var writing = await writer;
        Assert.False(late.IsCompleted);
        await writing.DisposeAsync();
        await (await late).DisposeAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_reader_becomes_a_writer_before_the_writers_that_wait(Via via)
    {
        var zab = await Client(via);
        var sharedLock = new ZabSharedLock(zab, "/rw");
        var reader = await sharedLock.AcquireSharedAsync(Patient);
        var upgradeable = await sharedLock.AcquireUpgradeableAsync(Patient);
        var writer = sharedLock.AcquireExclusiveAsync(Patient);
        await Children(zab, "/rw", 3);
        var late = sharedLock.AcquireSharedAsync(Patient);
        await Children(zab, "/rw", 4);
        var upgrading = upgradeable.UpgradeAsync(Patient);
        await Children(zab, "/rw", 5);
        Assert.False(upgrading.IsCompleted);
        await reader.DisposeAsync();
        await using (var writing = await upgrading) Assert.True(writing.FencingToken > upgradeable.FencingToken);
        Assert.False(writer.IsCompleted);
        await upgradeable.DisposeAsync();
        await (await writer).DisposeAsync();
        await (await late).DisposeAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_semaphore_gives_out_its_permits_and_no_more(Via via)
    {
        var zab = await Client(via);
        var semaphore = new ZabSemaphore(zab, "/s", 2);
        var one = await semaphore.AcquireAsync(Patient);
        await semaphore.AcquireAsync(Patient);
        var third = semaphore.AcquireAsync(Patient);
        await Children(zab, "/s/given", 3);
        Assert.False(third.IsCompleted);
        await one.DisposeAsync();
        Assert.True((await third).IsHeld);
        Assert.Equal(2, await semaphore.CountAsync());
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_election_has_one_leader_and_the_next_in_line_follows(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        var (anna, ben) = (new ZabElection(a, "/e", "anna"), new ZabElection(b, "/e", "ben"));
        Assert.Null(await anna.GetLeaderAsync());
        await using var leaders = ben.WatchLeaderAsync(Patient).GetAsyncEnumerator();
        Assert.True(await leaders.MoveNextAsync());
        Assert.Null(leaders.Current);
        var lead = await anna.LeadAsync(Patient);
        Assert.True(await leaders.MoveNextAsync());
        Assert.Equal(new Candidate("anna", lead.FencingToken), leaders.Current);

        var leading = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var running = ben.RunWhileLeadingAsync(
            async (mine, mustStop) =>
            {
                leading.TrySetResult(mine.FencingToken);
                await Task.Delay(Timeout.InfiniteTimeSpan, mustStop);
            }, stop.Token);
        await Children(a, "/e", 2);
        Assert.Equal(["anna", "ben"], (await anna.GetCandidatesAsync()).Select(candidate => candidate.Id));
        Assert.False(leading.Task.IsCompleted);
        await lead.DisposeAsync();
        Assert.True(await leading.Task.WaitAsync(Patience) > lead.FencingToken);
        Assert.True(await leaders.MoveNextAsync());
        Assert.Equal("ben", leaders.Current!.Id);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Children(a, "/e", 0);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_group_knows_who_is_there_and_what_they_say(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        await using var seen = new ZabGroup(a, "/g").WatchAsync(Patient).GetAsyncEnumerator();
        Assert.True(await seen.MoveNextAsync());
        Assert.Empty(seen.Current);
        var group = new ZabGroup(b, "/g");
        await using (var membership = await group.JoinAsync("ben", "1"u8.ToArray(), Patient))
        {
            await Until(seen, members => Says(members) == "ben=1");
            await group.UpdateAsync(membership, "2"u8.ToArray());
            await Until(seen, members => Says(members) == "ben=2");
            var taken = await Assert.ThrowsAsync<NodeExistsException>(() => new ZabGroup(a, "/g").JoinAsync("ben"));
            Assert.Equal(ZabError.NodeExists, taken.Error);
        }
        await Until(seen, members => members.Count == 0);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_barrier_holds_everybody_until_it_is_opened(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        await new ZabBarrier(a, "/b").CloseAsync();
        var waiting = new ZabBarrier(b, "/b").WaitAsync(Patient);
        Assert.False(waiting.IsCompleted);
        await new ZabBarrier(a, "/b").OpenAsync();
        await waiting;
        await new ZabBarrier(b, "/b").WaitAsync(Patient);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_double_barrier_lets_all_begin_and_end_together(Via via)
    {
        var clients = new[] { await Client(via), await Client(via), await Client(via) };
        var barriers = clients.Select(client => new ZabDoubleBarrier(client, "/d", 3)).ToArray();
        Task[] entering = [barriers[0].EnterAsync(Patient), barriers[1].EnterAsync(Patient)];
        await Children(clients[2], "/d/inside", 2);
        Assert.DoesNotContain(entering, entered => entered.IsCompleted);
        await barriers[2].EnterAsync(Patient);
        await Task.WhenAll(entering);
        var leaving = barriers[0].LeaveAsync(Patient);
        await Children(clients[2], "/d/inside", 2);
        Assert.False(leaving.IsCompleted);
        await Task.WhenAll(leaving, barriers[1].LeaveAsync(Patient), barriers[2].LeaveAsync(Patient));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_double_barrier_counts_a_party_once_that_comes_again(Via via)
    {
        var (dead, a, b) = (await Client(via), await Client(via), await Client(via));
        var before = new ZabDoubleBarrier(dead, "/d", 2, "node-a").EnterAsync();
        await Children(a, "/d/inside", 1);
        var first = new ZabDoubleBarrier(a, "/d", 2, "node-a");
        var entering = first.EnterAsync(Patient);
        await Children(a, "/d/inside", 2);
        var second = new ZabDoubleBarrier(b, "/d", 2, "node-b");
        Assert.Null(await a.ExistsAsync("/d/ready"));
        Assert.False(entering.IsCompleted || before.IsCompleted);
        await second.EnterAsync(Patient);
        await Task.WhenAll(entering, before);
        await dead.DisposeAsync();
        await Task.WhenAll(first.LeaveAsync(Patient), second.LeaveAsync(Patient));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_counter_counts_every_addition_once(Via via)
    {
        var clients = new[] { await Client(via), await Client(via), await Client(via) };
        await Task.WhenAll(clients.Select(async client =>
        {
            var counter = new ZabCounter(client, "/n/c");
            for (var i = 0; i < 20; i++) await counter.AddAsync(2, Patient);
        }));
        await clients[0].SyncAsync();
        Assert.Equal(120, await new ZabCounter(clients[0], "/n/c").GetAsync());
        await clients[0].SetDataAsync("/n/c", "many"u8.ToArray());
        await Assert.ThrowsAsync<InvalidDataException>(() => new ZabCounter(clients[0], "/n/c").AddAsync());
    }

    [Theory, MemberData(nameof(All))]
    public async Task Ids_are_unique_and_grow(Via via)
    {
        var clients = new[] { await Client(via), await Client(via) };
        var given = await Task.WhenAll(clients.Select(async client =>
        {
            var ids = new ZabIds(client, "/ids");
            var mine = new List<long>();
            for (var i = 0; i < 20; i++) mine.Add(await ids.NextAsync(Patient));
            Assert.Equal(mine.Order(), mine);
            return mine;
        }));
        Assert.Equal(40, given.SelectMany(mine => mine).Distinct().Count());
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_queue_gives_items_by_priority_then_arrival_and_takes_back_what_is_not_acknowledged(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        var (sender, taker) = (new ZabQueue(a, "/q"), new ZabQueue(b, "/q"));
        var waiting = taker.TakeAsync(Patient);
        await Children(a, "/q/takers", 1);
        await sender.EnqueueAsync("first"u8.ToArray());
        var first = await waiting;
        Assert.Equal("first", Encoding.UTF8.GetString(first.Data));
        await sender.EnqueueAsync("later"u8.ToArray());
        await sender.EnqueueAsync("last"u8.ToArray());
        await sender.EnqueueAsync("urgent"u8.ToArray(), priority: 1);
        await sender.EnqueueAsync("tomorrow"u8.ToArray(), delay: TimeSpan.FromDays(1));
        Assert.Equal("urgent", await Work(taker));
        await first.DisposeAsync();
        Assert.Equal("first", await Work(taker));
        Assert.Equal("later", await Work(taker));
        Assert.Equal("last", await Work(taker));
        using var impatience = new CancellationTokenSource();
        var nothing = taker.TakeAsync(impatience.Token);
        await Children(a, "/q/takers", 1);
        Assert.Equal(1, await sender.CountAsync());
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => nothing);
        await Children(a, "/q/takers", 0);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_znode_is_watched_from_nothing_to_nothing(Via via)
    {
        var (a, b) = (await Client(via), await Client(via));
        await using var states = a.WatchDataAsync("/x", Patient).GetAsyncEnumerator();
        Assert.True(await states.MoveNextAsync());
        Assert.False(states.Current.Exists);
        await b.CreateAsync("/x", [1]);
        Assert.True(await states.MoveNextAsync());
        Assert.Equal([1], states.Current.Data!);
        await b.SetDataAsync("/x", [2]);
        Assert.True(await states.MoveNextAsync());
        Assert.Equal([2], states.Current.Data!);
        await b.DeleteAsync("/x");
        Assert.True(await states.MoveNextAsync());
        Assert.False(states.Current.Exists);
        await a.DisposeAsync();
        var over = await Assert.ThrowsAsync<SessionExpiredException>(() => states.MoveNextAsync().AsTask());
        Assert.Equal(ZabError.SessionExpired, over.Error);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Paths_are_created_and_deleted_whole(Via via)
    {
        var zab = await Client(via);
        await zab.CreatePathAsync("/p/q/r");
        await zab.CreatePathAsync("/p/q/r");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => zab.CreateAsync($"/p/q/c{i}", [])));
        await zab.DeleteTreeAsync("/p");
        await zab.DeleteTreeAsync("/p");
        Assert.Null(await zab.ExistsAsync("/p"));
        await Assert.ThrowsAsync<BadArgumentsException>(() => zab.CreatePathAsync("/p//q"));
    }

    private async Task<string> Work(ZabQueue queue)
    {
        await using var item = await queue.TakeAsync(Patient);
        await item.AcknowledgeAsync();
        return Encoding.UTF8.GetString(item.Data);
    }

    private static async Task Until<T>(IAsyncEnumerator<T> stream, Func<T, bool> isIt)
    {
        while (await stream.MoveNextAsync())
            if (isIt(stream.Current)) return;
        Assert.Fail("The stream has ended.");
    }

    private static string Says(IEnumerable<GroupMember> members) =>
        string.Join(' ', members.Select(member => $"{member.Name}={Encoding.UTF8.GetString(member.Data)}"));

    private Task Cancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(cancelled.SetResult);
        return cancelled.Task.WaitAsync(Patience);
    }
}
