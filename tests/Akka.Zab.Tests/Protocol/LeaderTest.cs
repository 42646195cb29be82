using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Server 3 is elected by servers 1 and 2, and led through the phases of ZAB as far as a test wants.</summary>
public abstract class LeaderTest : PeerTest
{
    protected const int Self = 3;
    protected const long Session = 0x300000000000001;
    protected static readonly byte[] Secret = new byte[16];

    private readonly Dictionary<int, (long Link, long Sent)> links = [];

    internal ZnodeTree Committed { get; private set; } = ZnodeTree.Empty;

    internal void Elect(
        int currentEpoch = 0, int acceptedEpoch = -1, TxnBatch[]? batches = null, long committed = 0,
        int[]? observers = null, ZnodeTree? tree = null)
    {
        Committed = tree ?? ZnodeTree.Empty;
        Start(Self, currentEpoch, acceptedEpoch, batches, committed, observers: observers, tree: tree);
        var vote = new Vote(Self, Status().LastProposed, currentEpoch);
        Vote(1, vote);
        Vote(2, vote);
        Assert.Equal(ServerRole.Leading, Status().Role);
        Told(1);
        Told(2);
    }

    protected long Link(int server) => links[server].Link;

    /// <summary>The number of the next message from a server.</summary>
    protected long Number(int server)
    {
        links[server] = (links[server].Link, links[server].Sent + 1);
        return links[server].Sent;
    }

    internal void Join(int server, int acceptedEpoch = 0, MemberRole role = MemberRole.Participant)
    {
        links[server] = ((links.TryGetValue(server, out var before) ? before.Link : server * 1000) + 1, 0);
        From(server, new FollowerInfo(
            Link(server), Number(server), ProtocolVersion.Current, server, role, acceptedEpoch));
    }

    protected void Promise(int server, int currentEpoch = 0, long lastZxid = 0, bool counts = true) =>
        From(server, new AckEpoch(Link(server), Number(server), currentEpoch, lastZxid, counts));

    protected void Synchronise(int server)
    {
        var newLeader = Next<NewLeader>(server);
        From(server, new AckNewLeader(Link(server), Number(server), newLeader.LastZxid));
    }

    protected void Acknowledge(int server, long zxid) => From(server, new Ack(Link(server), Number(server), zxid));

    /// <summary>The servers join, with the same history as the leader, until the leader serves.</summary>
    protected void Serve(params int[] servers)
    {
        foreach (var server in servers)
            Join(server, Status().Epoch);
        Given<AcceptEpoch>();
        MakeDurable();
        var last = Status().LastProposed;
        foreach (var server in servers)
            Promise(server, 0, last);
        Given<EstablishEpoch>();
        MakeDurable();
        foreach (var server in servers)
            Synchronise(server);
        BeginToServe();
        foreach (var server in servers)
            Told(server);
    }

    /// <summary>The replica gives the tree; the leader serves.</summary>
    protected void BeginToServe()
    {
        GiveTree();
        Assert.True(Replica.ExpectMsg<ServingChanged>().Serving);
        Assert.True(Sessions.ExpectMsg<ServingChanged>().Serving);
        Sessions.ExpectMsg<StartExpiry>();
    }

    protected void GiveTree()
    {
        object? message;
        while ((message = Replica.ReceiveOne(TimeSpan.Zero)) is CommitBatches commit)
            Apply(commit);
        Assert.IsType<GetTree>(message);
        Tell(new TreeSnapshot(Committed));
    }

    internal void Apply(CommitBatches commit)
    {
        var edit = Committed.Edit();
        foreach (var batch in commit.Batches)
        {
            foreach (var txn in TxnCodec.Decode(batch))
                edit.Apply(txn);
        }

        Committed = edit.Commit();
    }

    /// <summary>A session of server 3 is opened: zxid 1 of the epoch, committed.</summary>
    protected long OpenSession(int origin = Self)
    {
        Submit(origin, new OpenSession(Session, Secret, 4000));
        Sessions.ExpectMsg<TrackSession>();
        var zxid = Given<AppendBatch>().Batch.LastZxid;
        MakeDurable();
        Acknowledge(1, zxid);
        Replica.ExpectMsg<CommitBatches>();
        Told(1);
        return zxid;
    }

    internal void Submit(int origin, params WriteRequest[] writes)
    {
        if (origin == Self)
        {
            Tell(new SubmitWrites(Session, [.. writes.Select((write, i) => new NumberedWrite(i + 1, write))]));
            return;
        }

        var encoder = new RequestEncoder();
        for (var i = 0; i < writes.Length; i++)
            encoder.Add(Session, i + 1, writes[i]);
        From(origin, new ForwardWrites(Link(origin), Number(origin), encoder.Finish()));
    }

    internal static Create Create(string path, int bytes = 0) => new(path, new byte[bytes], Acl.Open);
}
