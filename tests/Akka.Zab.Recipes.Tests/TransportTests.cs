using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.Recipes.Tests;

/// <summary>The same client over both protocols and against both servers: every call does the same.</summary>
[Collection(EnsemblesCollection.Name)]
public class TransportTests(Ensembles ensembles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task Znodes_are_created_read_set_listed_and_deleted(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var created = await zab.CreateAsync("/a", "one"u8.ToArray());
        Assert.Equal(("/a", 3, 0), (created.Path, created.Stat.DataLength, created.Stat.Version));
        var second = await zab.CreateAsync("/a/s-", null, CreateMode.PersistentSequential);
        Assert.Equal("/a/s-0000000000", second.Path);
        await zab.CreateAsync("/a/e", [], CreateMode.Ephemeral);
        Assert.Equal(["e", "s-0000000000"], (await zab.GetChildrenAsync("/a")).Names);
        Assert.Equal("one", Encoding.UTF8.GetString((await zab.GetDataAsync("/a")).Data!));
        Assert.Null((await zab.GetDataAsync(second.Path)).Data);
        Assert.Equal(1, (await zab.SetDataAsync("/a", "two"u8.ToArray(), 0)).Version);
        var refused = await Assert.ThrowsAsync<BadVersionException>(() => zab.SetDataAsync("/a", [], 0));
        Assert.Equal((ZabError.BadVersion, "/a"), (refused.Error, refused.Path));
        Assert.Equal(2, (await zab.ExistsAsync("/a"))!.Value.ChildCount);
        Assert.Null(await zab.ExistsAsync("/b"));
        Assert.Equal(2, await zab.GetAllChildrenNumberAsync("/a"));
        Assert.Equal(["/a/e"], await zab.GetEphemeralsAsync());
        await zab.DeleteAsync("/a/e");
        await zab.DeleteAsync(second.Path);
        await zab.DeleteAsync("/a", 1);
        await zab.SyncAsync();
        Assert.Empty((await zab.GetChildrenAsync("/")).Names);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Containers_and_times_to_live(Via via)
    {
        await using var zab = await ConnectAsync(via);
        Assert.Equal("/c", (await zab.CreateAsync("/c", [], CreateMode.Container)).Path);
        Assert.Equal("/t", (await zab.CreateWithTimeToLiveAsync("/t", [], TimeSpan.FromHours(1))).Path);
        var third = await zab.CreateWithTimeToLiveAsync("/t-", [], TimeSpan.FromHours(1), sequential: true);
        Assert.Equal("/t-0000000002", third.Path);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Transactions_are_done_whole_or_not_at_all(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var results = await zab.MultiAsync([
            new Create("/a", [1], Acl.Open), new SetData("/a", [2]), new Check("/a", 1),
            new Create("/b", [], Acl.Open, CreateMode.PersistentSequential), new Delete("/a")]);
        Assert.Equal("/a", Assert.IsType<CreatedReply>(results[0]).Path);
        Assert.Equal(1, Assert.IsType<StatReply>(results[1]).Stat.Version);
        Assert.Equal("/b0000000001", Assert.IsType<CreatedReply>(results[3]).Path);
        var refused = await Assert.ThrowsAsync<ZabMultiException>(
            () => zab.MultiAsync([new Create("/c", [], Acl.Open), new Delete("/none"), new Delete("/c")]));
        Assert.Equal((ZabError.NoNode, "/none"), (refused.Error, refused.Path));
        Assert.Equal(
            [ZabError.Ok, ZabError.NoNode, ZabError.RuntimeInconsistency],
            refused.Results.Select(result => ((ErrorReply)result).Error));
        Assert.Null(await zab.ExistsAsync("/c"));
        var reads = await zab.MultiReadAsync([new GetData("/b0000000001"), new GetChildren("/"), new GetData("/none")]);
        Assert.Empty(Assert.IsType<DataReply>(reads[0]).Data!);
        Assert.Equal(["b0000000001"], Assert.IsType<ChildrenReply>(reads[1]).Names);
        Assert.Equal(ZabError.NoNode, Assert.IsType<ErrorReply>(reads[2]).Error);
        Assert.Empty(await zab.MultiAsync([]));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Access_is_controlled(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.AddAuthAsync("digest", "bob:pw"u8.ToArray());
        await zab.CreateAsync("/a", [1], acl: [new Acl(Permissions.All, "auth", "")]);
        var acl = await zab.GetAclAsync("/a");
        Assert.Equal([new Acl(Permissions.All, "digest", "bob:ikIaKsbtGweaHnb/jKn7OHqbunM=")], acl.Acl);
        Assert.Equal(1, (await zab.SetAclAsync("/a", acl.Acl, 0)).AclVersion);
        Assert.Contains(new Identity("digest", "bob"), await zab.WhoAmIAsync());
        await using var other = await ensembles.ConnectAsync(via, _root);
        Assert.Equal(ZabError.NoAuth, (await Assert.ThrowsAsync<NoAuthException>(() => other.GetDataAsync("/a"))).Error);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_client_logs_in_with_sasl(Via via)
    {
        _root = await ensembles.RootAsync(via);
        await using var zab = await ensembles.ConnectAsync(via, _root, login: Ensembles.Login);
        Assert.Contains(new Identity("sasl", "bob"), await zab.WhoAmIAsync());
        await zab.CreateAsync("/a", [1], acl: [new Acl(Permissions.All, "auth", "")]);
        Assert.Equal([new Acl(Permissions.All, "sasl", "bob")], (await zab.GetAclAsync("/a")).Acl);
        await using var other = await ensembles.ConnectAsync(via, _root);
        await Assert.ThrowsAsync<NoAuthException>(() => other.GetDataAsync("/a"));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_login_that_is_refused_is_told_to_who_connects(Via via)
    {
        foreach (var login in new[] { Ensembles.Login with { Password = "wrong" }, new SaslCredentials("nobody", "x") })
        {
            await Assert.ThrowsAsync<AuthFailedException>(() => ensembles.ConnectAsync(via, "", login: login));
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task Watches_tell_what_happens(Via via)
    {
        await using var zab = await ConnectAsync(via);
        Assert.Null(await zab.ExistsAsync("/a", watch: true));
        await zab.CreateAsync("/a", []);
        await zab.GetDataAsync("/a", watch: true);
        await zab.SetDataAsync("/a", [1]);
        await zab.GetChildrenAsync("/a", watch: true);
        await zab.CreateAsync("/a/b", []);
        await zab.AddWatchAsync("/a", AddWatchMode.PersistentRecursive);
        await zab.SetDataAsync("/a/b", []);
        await zab.DeleteAsync("/a/b");
        await zab.RemoveWatchesAsync("/a");
        await zab.CreateAsync("/a/c", []);
        await zab.AddWatchAsync("/z");
        await zab.CreateAsync("/z", []);
        using var patience = new CancellationTokenSource(Patience);
        var events = new List<(WatchEventType, string)>();
        await foreach (var fired in zab.ReadWatchEventsAsync(patience.Token))
        {
            events.Add((fired.Type, fired.Path));
            if (fired.Path == "/z") break;
        }
        Assert.Equal(
            [
                (WatchEventType.NodeCreated, "/a"), (WatchEventType.NodeDataChanged, "/a"),
                (WatchEventType.NodeChildrenChanged, "/a"), (WatchEventType.NodeDataChanged, "/a/b"),
                (WatchEventType.NodeDeleted, "/a/b"), (WatchEventType.NodeCreated, "/z"),
            ], events);
    }

    [Theory, MemberData(nameof(All))]
    public async Task What_is_sent_at_once_is_answered_in_order(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/a", []);
        var sets = Enumerable.Range(1, 500).Select(_ => zab.SetDataAsync("/a", new byte[100])).ToArray();
        var read = zab.GetDataAsync("/a");
        var stats = await Task.WhenAll(sets);
        Assert.Equal(Enumerable.Range(1, 500), stats.Select(stat => stat.Version));
        Assert.Equal(500, (await read).Stat.Version);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_session_that_is_closed_takes_its_ephemerals_along(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var other = await ensembles.ConnectAsync(via, _root);
        await other.CreateAsync("/e", [], CreateMode.Ephemeral);
        Assert.Equal(other.SessionId, (await zab.ExistsAsync("/e", watch: true))!.Value.EphemeralOwner);
        await other.DisposeAsync();
        Assert.Null(await zab.ExistsAsync("/e"));
        await Assert.ThrowsAsync<SessionExpiredException>(() => other.ExistsAsync("/"));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_session_that_is_left_alone_expires(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var other = await ensembles.ConnectAsync(via, _root, TimeSpan.FromMilliseconds(400));
        await other.CreateAsync("/e", [], CreateMode.Ephemeral);
        Assert.NotNull(await zab.ExistsAsync("/e", watch: true));
        other.Abandon();
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var fired in zab.ReadWatchEventsAsync(patience.Token))
        {
            Assert.Equal((WatchEventType.NodeDeleted, "/e"), (fired.Type, fired.Path));
            break;
        }
    }

    [Fact]
    public async Task A_change_of_the_ensemble_is_refused_alike_over_both_protocols()
    {
        var errors = new List<ZabError>();
        foreach (var via in new[] { Via.Akka, Via.Wire })
        {
            await using var zab = await ensembles.ConnectAsync(via, "");
            foreach (var change in new[] { new Reconfigure(null, "9", null), new Reconfigure("server.x=", null, null) })
                errors.Add(((ErrorReply)await zab.CallAsync(change, default)).Error);
        }
        Assert.Equal(errors[..2], errors[2..]);
        Assert.DoesNotContain(ZabError.Unimplemented, errors);
    }

    [Theory, InlineData(Via.Akka), InlineData(Via.Wire)]
    public async Task Children_come_in_pages_in_the_order_of_their_names(Via via)
    {
        await using var zab = await ConnectAsync(via);
        foreach (var name in new[] { "d", "a", "ä", "c", "b" }) await zab.CreateAsync($"/{name}", []);
        var names = new List<string>();
        for (string? after = null; ; after = names[^1])
        {
            var page = await zab.GetChildrenPageAsync("/", after, 2);
            Assert.Equal(5, page.Stat.ChildCount);
            names.AddRange(page.Names);
            if (!page.More) break;
        }
        Assert.Equal(["a", "b", "c", "d", "ä"], names);
        Assert.Equal("/none", (await Assert.ThrowsAsync<NoNodeException>(() => zab.GetChildrenPageAsync("/none"))).Path);
    }

    [Theory, InlineData(Via.Akka), InlineData(Via.Wire)]
    public async Task A_watch_resumes_from_a_zxid_without_a_gap_in_another_session(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/a", []);
        var known = (await zab.GetDataAsync("/a")).Stat.ModifiedZxid;
        await zab.SetDataAsync("/a", [1]);
        await zab.CreateAsync("/a/b", []);
        await using var other = await ensembles.ConnectAsync(via, _root);
        await other.ResumeWatchAsync("/a", known, AddWatchMode.PersistentRecursive);
        await zab.DeleteAsync("/a/b");
        using var patience = new CancellationTokenSource(Patience);
        var events = new List<(WatchEventType, string)>();
        await foreach (var fired in other.ReadWatchEventsAsync(patience.Token))
        {
            Assert.True(fired.Zxid > known);
            known = fired.Zxid;
            events.Add((fired.Type, fired.Path));
            if (fired.Type == WatchEventType.NodeDeleted) break;
        }
        Assert.Equal(
            [
                (WatchEventType.NodeDataChanged, "/a"), (WatchEventType.NodeCreated, "/a/b"),
                (WatchEventType.NodeDeleted, "/a/b"),
            ], events);
        var forgotten = await Assert.ThrowsAsync<ZabException>(() => other.ResumeWatchAsync("/a", -1));
        Assert.Equal(ZabError.ChangesForgotten, forgotten.Error);
    }

    [Theory, InlineData(Via.Akka), InlineData(Via.Wire)]
    public async Task A_linearizable_read_sees_what_another_session_wrote(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var other = await ensembles.ConnectAsync(via, _root);
        await zab.CreateAsync("/a", []);
        for (var i = 0; i < 20; i++)
        {
            await zab.SetDataAsync("/a", [(byte)i]);
            Assert.Equal((byte)i, Assert.Single((await other.GetDataAsync("/a", ReadConsistency.Linearizable)).Data!));
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task What_only_our_servers_have_is_refused_by_others_and_harms_nothing_else(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/a", [7]);
        var before = zab.SetDataAsync("/a", [8]);
        Task[] calls =
        [
            zab.GetChildrenPageAsync("/"), zab.ResumeWatchAsync("/", 0), zab.TransferLeadershipAsync(1),
            zab.GetDataAsync("/a", ReadConsistency.Linearizable),
        ];
        var after = zab.SetDataAsync("/a", [9]);
        foreach (var call in calls)
        {
            var refusal = await Record.ExceptionAsync(() => call);
            Assert.Equal(via == Via.ZooKeeper, refusal is UnimplementedException);
        }
        // The connection was not lost over it, so neither were these.
        Assert.Equal((1, 2), ((await before).Version, (await after).Version));
    }

    [Theory]
    [InlineData("a b:99999")]
    [InlineData("")]
    [InlineData("/app")]
    [InlineData("host:1/a//b")]
    [InlineData(":2181")]
    public async Task A_connect_string_that_is_none_is_refused(string text) =>
        await Assert.ThrowsAsync<ArgumentException>(() => ZabClient.ConnectAsync(text));

    private string _root = "";

    private async Task<ZabClient> ConnectAsync(Via via)
    {
        _root = await ensembles.RootAsync(via);
        return await ensembles.ConnectAsync(via, _root);
    }
}
