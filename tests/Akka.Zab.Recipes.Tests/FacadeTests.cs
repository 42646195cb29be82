using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>What takes more than one request, and what is convenient: alike over both protocols and servers.</summary>
[Collection(EnsemblesCollection.Name)]
public class FacadeTests(Ensembles ensembles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private string _root = "";

    public static TheoryData<Via> All => Ensembles.All;

    [Theory, MemberData(nameof(All))]
    public async Task A_znode_is_created_with_its_parents_by_many_at_once(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var other = await ensembles.ConnectAsync(via, _root);
        var options = new CreateOptions { Parents = MissingParents.CreateContainers, Mode = CreateMode.Ephemeral };
        var created = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? zab : other).CreateAsync($"/a/b/c{i}", [1], options)));
        Assert.Equal(20, created.Select(one => one.Path).Distinct().Count());
        Assert.Equal(20, (await zab.GetChildrenAsync("/a/b")).Names.Count);
        Assert.Equal(10, (await zab.GetEphemeralsAsync("/a/b")).Count);
        Acl[] readOnly = [new(Permissions.Read | Permissions.Create, "world", "anyone")];
        await zab.CreateAsync(
            "/p/q", null, new CreateOptions { Parents = MissingParents.Create, ParentAcl = readOnly });
        Assert.Equal(readOnly, (await zab.GetAclAsync("/p")).Acl);
        Assert.Equal(Acl.Open, (await zab.GetAclAsync("/p/q")).Acl);
        await Assert.ThrowsAsync<NoAuthException>(() => zab.SetDataAsync("/p", []));
        await Assert.ThrowsAsync<NoNodeException>(() => zab.CreateAsync("/x/y", [], new CreateOptions()));
        await Assert.ThrowsAsync<NoChildrenForEphemeralsException>(
            () => zab.CreateAsync("/a/b/c0/d", [], options));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Protected_creates_have_an_id_if_sequential_and_their_name_if_not(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var options = new CreateOptions { Protected = true, Mode = CreateMode.PersistentSequential };
        var first = await zab.CreateAsync("/n-", [1], options);
        Assert.Matches("^/_c_[0-9a-f-]{36}-n-0000000000$", first.Path);
        Assert.Equal(first.Stat, await zab.ExistsAsync(first.Path));
        var named = await zab.CreateAsync("/a", [1], options with { Mode = CreateMode.Persistent });
        Assert.Equal("/a", named.Path);
        await Assert.ThrowsAsync<NodeExistsException>(
            () => zab.CreateAsync("/a", [1], options with { Mode = CreateMode.Persistent }));
        var hour = TimeSpan.FromHours(1);
        var short_ = await zab.CreateAsync(
            "/t", [1], new CreateOptions { Mode = CreateMode.PersistentWithTtl, TimeToLive = hour });
        Assert.Equal("/t", short_.Path);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Data_is_set_whether_the_znode_is_there_or_not(Via via)
    {
        await using var zab = await ConnectAsync(via);
        Assert.Equal(0, (await zab.SetOrCreateAsync("/a", [1])).Version);
        Assert.Equal(1, (await zab.SetOrCreateAsync("/a", [2])).Version);
        Assert.Equal([2], (await zab.GetDataAsync("/a")).Data!);
        var parents = new CreateOptions { Parents = MissingParents.Create };
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => zab.SetOrCreateAsync("/b/c", [(byte)i], parents)));
        Assert.Equal(9, (await zab.ExistsAsync("/b/c"))!.Value.Version);
        await Assert.ThrowsAsync<NoNodeException>(() => zab.SetOrCreateAsync("/x/y", []));
        await Assert.ThrowsAsync<ArgumentException>(() => zab.SetOrCreateAsync(
            "/s-", [], new CreateOptions { Mode = CreateMode.PersistentSequential }));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_znode_is_deleted_with_what_is_below_it_or_alone(Via via)
    {
        await using var zab = await ConnectAsync(via);
        foreach (var i in Enumerable.Range(0, 30)) await zab.CreatePathAsync($"/a/b{i % 3}/c{i}");
        Assert.Equal("/a", (await Assert.ThrowsAsync<NotEmptyException>(
            () => zab.DeleteAsync("/a", recursive: false))).Path);
        await zab.DeleteAsync("/a", recursive: true);
        Assert.Null(await zab.ExistsAsync("/a"));
        await Assert.ThrowsAsync<NoNodeException>(() => zab.DeleteAsync("/a", recursive: true));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Children_are_read_page_by_page_each_once(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/a", []);
        await Task.WhenAll(Enumerable.Range(0, 25).Select(i => zab.CreateAsync($"/a/c{i:D2}", [])));
        foreach (var size in new[] { 1, 10, 25, 100_000 })
        {
            var names = new List<string>();
            await foreach (var name in zab.ReadChildrenAsync("/a", size)) names.Add(name);
            Assert.Equal(Enumerable.Range(0, 25).Select(i => $"c{i:D2}"), names);
        }
        await foreach (var none in zab.ReadChildrenAsync("/a/c00")) Assert.Fail(none);
        await Assert.ThrowsAsync<NoNodeException>(
            async () => await zab.ReadChildrenAsync("/x").GetAsyncEnumerator().MoveNextAsync());
        Assert.Throws<ArgumentOutOfRangeException>(() => zab.ReadChildrenAsync("/a", 0));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_transaction_tells_what_each_operation_gave_or_which_failed(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/a", [1]);
        await zab.Transaction()
            .Check("/a", 0)
            .Set("/a", [2], out var set)
            .Create("/a/n-", [], out var created, CreateMode.PersistentSequential)
            .Create("/b", null)
            .Delete("/b")
            .CommitAsync();
        Assert.Equal((1, "/a/n-0000000000"), (set.Value.Version, created.Value.Path));
        Assert.Null(await zab.ExistsAsync("/b"));
        var failure = await Assert.ThrowsAsync<ZabMultiException>(
            () => zab.Transaction().Set("/a", [3]).Check("/a", 1).Delete("/a/none").CommitAsync());
        Assert.Equal((1, "/a", ZabError.BadVersion), (failure.Operation, failure.Path, failure.Error));
        Assert.IsType<BadVersionException>(failure.InnerException);
        Assert.Equal([2], (await zab.GetDataAsync("/a")).Data!);
        await zab.Transaction().CommitAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_acl_is_set_by_version(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/a", []);
        Assert.Equal(1, (await zab.SetAclAsync("/a", Acl.Open, 0)).AclVersion);
        await Assert.ThrowsAsync<BadVersionException>(() => zab.SetAclAsync("/a", Acl.Open, 0));
        await Assert.ThrowsAsync<InvalidAclException>(() => zab.SetAclAsync("/a", []));
        await Assert.ThrowsAsync<InvalidAclException>(() => zab.SetAclAsync("/a", Acl.Creator));
        await zab.CreateAsync("/r", [], acl: Acl.ReadOnly);
        await Assert.ThrowsAsync<NoAuthException>(() => zab.SetDataAsync("/r", []));
        await zab.AddAuthAsync("digest", "bob:pw"u8.ToArray());
        await zab.CreateAsync("/mine", [], acl: Acl.Creator);
        await using var other = await ensembles.ConnectAsync(via, _root);
        await Assert.ThrowsAsync<NoAuthException>(() => other.GetDataAsync("/mine"));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_subtree_is_watched_from_what_it_has_on(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var zab = await ConnectAsync(via);
        await using var other = await ensembles.ConnectAsync(via, _root);
        await using (var changes = zab.WatchSubtreeAsync("/c", patience.Token).GetAsyncEnumerator())
        {
            Assert.True(await changes.MoveNextAsync());
            Assert.Empty(changes.Current);
            await other.Transaction().Create("/c", []).Create("/c/a", [1]).CommitAsync();
            Assert.True(await changes.MoveNextAsync());
            Assert.Equal(["/c", "/c/a"], changes.Current.Select(change => change.Path));
            await other.Transaction().Delete("/c/a").Create("/c/a", [2]).CommitAsync();
            Assert.True(await changes.MoveNextAsync());
            var again = Assert.Single(changes.Current);
            Assert.True(again.Before!.CreatedZxid < again.After!.CreatedZxid);
        }
        // Two watch the same; when one stops, the other goes on.
        var first = zab.WatchSubtreeAsync("/c", patience.Token).GetAsyncEnumerator();
        await using var second = zab.WatchSubtreeAsync("/c", patience.Token).GetAsyncEnumerator();
        Assert.True(await first.MoveNextAsync());
        Assert.True(await second.MoveNextAsync());
        await first.DisposeAsync();
        await other.SetDataAsync("/c/a", [3]);
        Assert.True(await second.MoveNextAsync());
        Assert.Equal([3], Assert.Single(second.Current).After!.Data!);
    }

    [Theory, MemberData(nameof(All))]
    public async Task The_state_of_the_connection_ends_with_the_session(Via via)
    {
        using var patience = new CancellationTokenSource(Patience);
        var zab = await ConnectAsync(via);
        Assert.Equal(ConnectionState.Connected, zab.State);
        await using var states = zab.ReadStatesAsync(patience.Token).GetAsyncEnumerator();
        Assert.True(await states.MoveNextAsync());
        await zab.DisposeAsync();
        Assert.True(await states.MoveNextAsync());
        Assert.Equal(ConnectionState.Closed, states.Current);
        Assert.False(await states.MoveNextAsync());
    }

    [Theory, MemberData(nameof(OverTheWire))]
    public async Task A_configuration_connects_with_its_credentials(Via via)
    {
        await using var first = await ConnectAsync(via);
        await using var zab = await ZabClient.ConnectAsync(Akka.Configuration.ConfigurationFactory.ParseString($$"""
            akka.zab.client {
              transport = wire
              servers = ["{{ensembles.Address(via)}}"]
              chroot = "{{_root}}"
              auth = ["digest:bob:pw"]
            }
            """));
        Assert.Contains(new Identity("digest", "bob"), await zab.WhoAmIAsync());
        await zab.CreateAsync("/a", []);
        Assert.NotNull(await first.ExistsAsync("/a"));
        await Assert.ThrowsAsync<AuthFailedException>(() => ZabClient.ConnectAsync(
            ensembles.Address(via), new ZabClientOptions { Credentials = [new AddAuth("nosuch", [])] }));
    }

    public static TheoryData<Via> OverTheWire => Ensembles.OverTheWire;

    private async Task<ZabClient> ConnectAsync(Via via)
    {
        _root = await ensembles.RootAsync(via);
        return await ensembles.ConnectAsync(via, _root);
    }
}
