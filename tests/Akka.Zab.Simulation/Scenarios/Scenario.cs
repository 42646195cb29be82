using Akka.Zab.Client;
using Akka.Zab.Simulation.Scripts;

namespace Akka.Zab.Simulation.Scenarios;

/// <summary>
/// A schedule that has broken ZooKeeper, set up step by step on a <see cref="Stage"/>. In the end everything is healed
/// and started, and must be well: the servers serve, their trees are equal, and nothing that a client was told is gone.
/// </summary>
public abstract class Scenario : IDisposable
{
    private readonly List<(StageClient Client, int Xid, string Path)> creations = [];
    private Stage? stage;

    internal Stage Stage
    {
        get => stage ??= new Stage();
        set => stage = value;
    }

    public void Dispose()
    {
        stage?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>These servers, with nothing on their disks, until all of them serve.</summary>
    protected void Serve(params int[] servers)
    {
        Stage.Start(servers);
        Stage.Until(() => Array.TrueForAll(servers, id => Stage.Server(id).Serves));
    }

    /// <summary>A client that is connected to a server.</summary>
    internal StageClient Connect(string name, int server)
    {
        var client = Stage.Client(name);
        client.Connect(Stage.Server(server));
        Stage.Until(() => client.IsConnected);
        return client;
    }

    /// <summary>A client asks for a znode to be created.</summary>
    internal void Create(StageClient client, string path, CreateMode mode = CreateMode.Persistent) =>
        creations.Add((client, client.Send(new Create(path, [], Acl.Open, mode)), path));

    /// <summary>Whether the client was told that it is there.</summary>
    protected bool IsAcknowledged(string path) =>
        creations.Exists(made => made.Path == path && made.Client.ReplyTo(made.Xid) is CreatedReply);

    /// <summary>A server is gone, and the others have noticed.</summary>
    protected void Lose(int id)
    {
        Stage.Crash(id);
        foreach (var other in Stage.Servers)
        {
            if (other.IsUp)
                Stage.Unreachable(other.Id, id);
        }
    }

    /// <summary>A leader and some followers say everything to each other, and their disks are quick.</summary>
    protected void Exchange(int leader, params int[] followers)
    {
        for (var some = true; some;)
        {
            some = FlushAll(leader);
            foreach (var follower in followers)
                some |= Stage.DeliverAll(leader, follower) | FlushAll(follower) | Stage.DeliverAll(follower, leader);
        }
    }

    /// <summary>A disk makes durable what it was given.</summary>
    protected bool FlushAll(int server)
    {
        var some = Stage.Disk(server).Pending > 0;
        while (Stage.Disk(server).Pending > 0)
            Stage.Flush(server);
        return some;
    }

    /// <summary>Whether a server holds a znode in its committed tree.</summary>
    protected bool Has(int server, string path) => Stage.Server(server).Tree.TryGet(path, out _);

    /// <summary>Everything that is down is started, and all is well.</summary>
    /// <param name="except">A server that never comes back.</param>
    protected void AllIsWell(int except = 0)
    {
        Stage.Heal();
        foreach (var server in Stage.Servers)
        {
            if (!server.IsUp && server.Id != except)
                Stage.Start(server.Id);
        }

        var servers = Array.FindAll(Stage.Servers, server => server.Id != except);
        Stage.Until(() => Array.TrueForAll(
            servers, server => server.Serves && server.Tree.Digest() == servers[0].Tree.Digest()));
        Assert.Empty(Stage.Failures);
        foreach (var (client, xid, path) in creations)
        {
            if (client.ReplyTo(xid) is CreatedReply)
                Assert.All(servers, server => Assert.True(Has(server.Id, path), $"{path} is not at {server.Id}"));
        }
    }
}
