using System.Text;
using Akka.Zab.Protocol;
using Akka.Zab.Simulation.Checking;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Worlds;

/// <summary>
/// What must hold after every step: the properties of ZAB's TLA+ specifications, under their names there, and that
/// nothing acknowledged is lost. All servers deliver a prefix of one history, which grows with the first delivery of
/// each batch; so each delivery is compared with one batch of it, and nothing has to be compared twice.
/// </summary>
internal sealed class Safety(World world)
{
    private readonly List<TxnBatch> history = [];
    private readonly Dictionary<long, (TxnBatch Batch, long At)> broadcast = [];
    private readonly Dictionary<int, (int Server, int Life)> synchronising = [];
    private readonly Dictionary<int, (int Server, int Life)> established = [];
    private readonly SortedDictionary<int, long> initialHistory = [];

    /// <summary>How many batches were delivered.</summary>
    public int Length => history.Count;

    /// <summary>The last transaction that was delivered anywhere.</summary>
    public long Last => history.Count == 0 ? 0 : history[^1].LastZxid;

    /// <summary>A server has handled a message: what it is doing now.</summary>
    public void Look(Server server)
    {
        if (server.Peer?.Role is not Leading leading)
            return;
        if (leading != server.Leadership)
        {
            server.Leadership = leading;
            world.Reached(server, CrashPoint.Elected);
        }

        // It may have crashed at that.
        if (leading.Epoch == 0 || server.Peer?.History.CurrentEpoch != leading.Epoch)
            return;
        var self = (server.Id, server.Life);
        if (synchronising.TryAdd(leading.Epoch, self))
            world.Reached(server, CrashPoint.Promised);
        else
            Holds(synchronising[leading.Epoch] == self, "Leadership1", server, leading.Epoch, "two servers lead it");
        if (server.Leads && !established.TryAdd(leading.Epoch, self))
            Holds(established[leading.Epoch] == self, "Leadership2", server, leading.Epoch, "it had another leader");
    }

    /// <summary>A peer gives a batch to its journal; a leader broadcasts it with that.</summary>
    public void Appends(Server server, TxnBatch batch)
    {
        if (server.Peer?.Role is not Leading leading)
            return;
        Holds(
            Zxid.Epoch(batch.FirstZxid) == leading.Epoch, "LocalPrimaryOrder", server, batch.FirstZxid,
            "broadcast in another epoch");
        Holds(
            broadcast.TryAdd(batch.FirstZxid, (batch, world.Now)), "Integrity", server, batch.FirstZxid,
            "broadcast twice");
        if (initialHistory.ContainsKey(leading.Epoch))
            return;
        var before = server.Peer.History.Log.FloorOf(batch.FirstZxid - 1);
        initialHistory.Add(leading.Epoch, before);
        // Of earlier epochs only: a primary that has not noticed its end may begin when its successor has delivered.
        var delivered = LastBefore(leading.Epoch);
        Holds(
            delivered <= before, "PrimaryIntegrity", server, delivered,
            "delivered already, and not in the new primary's history");
    }

    /// <summary>A server's replica starts from a tree.</summary>
    public void Resets(Server server, ZnodeTree tree)
    {
        var position = tree.LastZxid == 0 ? 0 : PositionAfter(tree.LastZxid);
        Holds(
            position >= 0, "Agreement", server, tree.LastZxid, "a tree ends where no history that was delivered does");
        server.Position = Math.Max(position, 0);
    }

    /// <summary>A server's replica is told of a committed batch.</summary>
    public void Delivers(Server server, TxnBatch batch)
    {
        var position = server.Position++;
        if (position < history.Count)
        {
            var known = history[position];
            var same = known.FirstZxid == batch.FirstZxid && known.LastZxid == batch.LastZxid
                && (ReferenceEquals(known.Bytes, batch.Bytes) || known.Bytes.AsSpan().SequenceEqual(batch.Bytes));
            Holds(
                same, "PrefixConsistency", server, batch.FirstZxid,
                $"others delivered {MessageText.Z(known.FirstZxid)} in its place");
            return;
        }

        DeliversFirst(server, batch);
    }

    /// <summary>A client was told that its write is done.</summary>
    public void Acknowledged(Server server, long zxid) =>
        Holds(zxid <= Last, "Acknowledged", server, zxid, "a client was told of a write that nobody delivered");

    private void DeliversFirst(Server server, TxnBatch batch)
    {
        var epoch = Zxid.Epoch(batch.FirstZxid);
        var known = broadcast.TryGetValue(batch.FirstZxid, out var proposed)
            && proposed.Batch.Bytes.AsSpan().SequenceEqual(batch.Bytes);
        Holds(known, "Integrity", server, batch.FirstZxid, "no primary has broadcast it");
        Holds(epoch >= Zxid.Epoch(Last), "GlobalPrimaryOrder", server, batch.FirstZxid, "its epoch was over");
        Holds(
            Zxid.Follows(batch.FirstZxid, Last), "LocalPrimaryOrder", server, batch.FirstZxid,
            $"it does not follow {MessageText.Z(Last)}");
        foreach (var (later, initial) in initialHistory)
        {
            if (later > epoch)
            {
                Holds(
                    batch.LastZxid <= initial, "PrimaryIntegrity", server, batch.FirstZxid,
                    $"the primary of epoch {later} does not have it");
            }
        }

        var holders = default(ServerSet);
        foreach (var other in world.Servers)
        {
            if (other.Disk.History.Holds(batch.LastZxid))
                holders.Add(other.Id);
        }

        var isHeld = world.Ensemble.Quorum.IsReachedBy(holders);
        if (world.IsReconfigurable && TxnCodec.IsReconfig(batch))
        {
            Change(batch);
            isHeld &= world.Ensemble.Quorum.IsReachedBy(holders);
        }

        Holds(isHeld, "Durability", server, batch.LastZxid, "it is committed, and on no quorum of disks");
        history.Add(batch);
        if (Zxid.Counter(batch.LastZxid) == world.Options.Peers.LastCounter)
            world.Coverage.Hit("epoch is full");
        foreach (var txn in TxnCodec.Decode(batch))
            world.Committed.Add(new Committed(world.Now, txn) { ProposedAt = proposed.At });
    }

    /// <summary>The ensemble is another, which needs a quorum of itself too for the change to be committed.</summary>
    private void Change(TxnBatch batch)
    {
        var config = Encoding.UTF8.GetString(((ReconfigTxn)TxnCodec.Decode(batch)[0].Body).Config);
        Assert.True(EnsembleText.TryParse(config, out var ensemble), config);
        world.Trace.Add(TraceKind.Fault, 0, 0, "the ensemble is " + config.ReplaceLineEndings(" "));
        world.Coverage.Hit("the ensemble is changed");
        world.Ensemble = ensemble;
    }

    /// <summary>The last transaction of an earlier epoch that was delivered.</summary>
    private long LastBefore(int epoch)
    {
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (Zxid.Epoch(history[i].LastZxid) < epoch)
                return history[i].LastZxid;
        }

        return 0;
    }

    private int PositionAfter(long zxid)
    {
        int low = 0, high = history.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (history[middle].LastZxid < zxid)
                low = middle + 1;
            else
                high = middle;
        }

        return low < history.Count && history[low].LastZxid == zxid ? low + 1 : -1;
    }

    private void Holds(bool condition, string property, Server server, long subject, string what)
    {
        if (!condition)
            world.Fail($"{property} does not hold: server {server.Id}, {MessageText.Z(subject)}: {what}");
    }
}
