using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Tests;

/// <summary>A subtree that is followed over lost connections, from a server that a test plays.</summary>
public class WatchSubtreeTests : ClientTestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The server's tree: path to data and zxid.
    private readonly SortedDictionary<string, (byte Data, long Zxid)> _tree = new(StringComparer.Ordinal);

    [Fact]
    public async Task What_happened_without_a_connection_is_told_once_and_whole()
    {
        var client = await Connect();
        _tree["/c"] = (0, 1);
        _tree["/c/a"] = (1, 2);
        await using var changes = client.WatchSubtreeAsync("/c").GetAsyncEnumerator();
        await Serving(changes.MoveNextAsync());
        Assert.Equal(["+/c", "+/c/a"], Told(changes.Current));

        var next = changes.MoveNextAsync();
        LetGo();
        _tree.Remove("/c/a");
        _tree["/c/b"] = (5, 9);
        Accept();
        await Serving(next);
        Assert.Equal(["-/c/a", "+/c/b"], Told(changes.Current));

        next = changes.MoveNextAsync();
        _tree["/c/b"] = (6, 10);
        Fire(WatchEventType.NodeDataChanged, "/c/b", 10);
        await Serving(next);
        Assert.Equal(["*/c/b"], Told(changes.Current));
    }

    [Fact]
    public async Task A_connection_that_comes_and_goes_while_it_is_read_makes_it_read_again()
    {
        var client = await Connect();
        LetGo();
        await foreach (var state in client.ReadStatesAsync())
            if (state == ConnectionState.Disconnected) break;
        // Begun without a connection: that it comes is told, too.
        var starting = ZnodeCache.StartAsync(client, "/c");
        _tree["/c"] = (0, 1);
        _tree["/c/a"] = (1, 2);
        Accept();
        await using var cache = await Serving(starting);
        Assert.Equal(["/c", "/c/a"], cache.Current.Keys);

        await using var changes = cache.ReadChangesAsync().GetAsyncEnumerator();
        var next = changes.MoveNextAsync();
        for (byte i = 0; i < 3; i++)
        {
            LetGo();
            _tree[$"/c/x{i}"] = (i, 20 + i);
            Accept();
        }
        await Serving(next);
        while (cache.Current.Count < 5) await Serving(changes.MoveNextAsync());
        Assert.Equal(_tree.Keys, cache.Current.Keys);
    }

    private static IEnumerable<string> Told(IEnumerable<ZnodeChange> changes) => changes.Select(change =>
        (change.Before is null ? "+" : change.After is null ? "-" : "*") + change.Path);

    private void Fire(WatchEventType type, string path, long zxid) =>
        ToClient(new ClientOutputs([new ClientOutput(-1, zxid, new WatchEvent(type, path, zxid))]));

    private async Task Serving(ValueTask<bool> waiting) => Assert.True(await Serving(waiting.AsTask()));

    /// <summary>Answers from the tree until something has come.</summary>
    private async Task<T> Serving<T>(Task<T> waiting)
    {
        await AwaitConditionAsync(() =>
        {
            if (Session.HasMessages && Session.ReceiveOne(Patience) is ClientRequests requests)
                Answer([.. requests.Requests], [.. requests.Requests.Select(request => Reply(request.Operation))]);
            return Task.FromResult(waiting.IsCompleted);
        }, Patience, TimeSpan.FromMilliseconds(5));
        return await waiting;
    }

    private Reply Reply(Request request) => request switch
    {
        GetData read => _tree.TryGetValue(read.Path, out var there)
            ? new DataReply([there.Data], default(Stat) with { ModifiedZxid = there.Zxid })
            : new ErrorReply(ZabError.NoNode),
        GetChildren read => _tree.ContainsKey(read.Path)
            ? new ChildrenReply(
                [.. _tree.Keys.Where(path => path.StartsWith(read.Path + "/", StringComparison.Ordinal))
                    .Select(path => path[(read.Path.Length + 1)..])], default)
            : new ErrorReply(ZabError.NoNode),
        MultiRead multi => new MultiReply([.. multi.Operations.Select(Reply)]),
        _ => DoneReply.Instance,
    };
}
