using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Server 1 votes for server 3 and follows it through the phases of ZAB as far as a test wants.</summary>
public abstract class FollowerTest : PeerTest
{
    protected const int Leader = 3;
    protected long link;
    protected long sent;

    internal void Elect(int currentEpoch = 0, int acceptedEpoch = -1, TxnBatch[]? batches = null, long committed = 0)
    {
        Start(1, currentEpoch, acceptedEpoch, batches, committed);
        var vote = new Vote(Leader, Zxid.Of(99, 1), 99);
        Vote(2, vote);
        Vote(Leader, vote);
        link = Next<FollowerInfo>(Leader).Link;
        Told(Leader);
        Told(2);
    }

    protected void Promise(int epoch)
    {
        Send(new LeaderInfo(link, ++sent, ProtocolVersion.Current, epoch));
        Given<AcceptEpoch>();
        MakeDurable();
        Next<AckEpoch>(Leader);
    }

    protected void Establish(int epoch)
    {
        Promise(epoch);
        var last = Status().LastProposed;
        Send(new SyncDiff(link, ++sent, last));
        Send(new NewLeader(link, ++sent, epoch, last));
        Given<EstablishEpoch>();
        MakeDurable();
        Next<AckNewLeader>(Leader);
    }

    protected void Serve()
    {
        Elect();
        Establish(5);
        Send(new UpToDate(link, ++sent, 0));
        Assert.True(Replica.ExpectMsg<ServingChanged>().Serving);
        Assert.True(Sessions.ExpectMsg<ServingChanged>().Serving);
    }

    protected void Send(object message) => From(Leader, message);

    internal SyncBatch Sync(TxnBatch batch) => new(link, ++sent, batch.FirstZxid, batch.LastZxid, batch.Bytes);

    internal Propose Propose(TxnBatch batch, long committed = 0) =>
        new(link, ++sent, batch.FirstZxid, batch.LastZxid, batch.Bytes, committed);

    protected void AssertStopped() => ExpectTerminated(Peer);
}
