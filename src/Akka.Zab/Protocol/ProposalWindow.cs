using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// What the leader has proposed and not committed yet, and how far each voter's journal holds history. An
/// acknowledgement counts only on a link of this epoch whose learner has acknowledged NEWLEADER; commits are
/// cumulative.
/// </summary>
internal sealed class ProposalWindow(IQuorum quorum, long committed)
{
    private readonly Dictionary<int, long> held = [];
    private readonly Queue<(long Last, int Bytes)> outstanding = new();
    private ServerSet synced;

    /// <summary>Everything up to here is committed.</summary>
    public long Committed { get; private set; } = committed;

    /// <summary>How many batches are proposed and not committed.</summary>
    public int OutstandingBatches => outstanding.Count;

    /// <summary>Their bytes.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>Whether a quorum holds the history with which the epoch begins: NEWLEADER is acknowledged.</summary>
    public bool IsEstablished => quorum.IsReachedBy(synced);

    /// <summary>The servers that have acknowledged NEWLEADER and are still there.</summary>
    public ref readonly ServerSet Synced => ref synced;

    /// <summary>A batch is proposed.</summary>
    public void Propose(TxnBatch batch)
    {
        outstanding.Enqueue((batch.LastZxid, batch.Bytes.Length));
        OutstandingBytes += batch.Bytes.Length;
    }

    /// <summary>
    /// A server has acknowledged NEWLEADER: its journal holds the epoch, and history up to <paramref name="zxid"/>.
    /// </summary>
    public void Join(int server, long zxid)
    {
        synced.Add(server);
        held[server] = zxid;
    }

    /// <summary>A server's link is gone, and with it what it said on it.</summary>
    public void Leave(int server)
    {
        synced.Remove(server);
        held.Remove(server);
    }

    /// <summary>
    /// A synchronised server's journal holds everything up to <paramref name="zxid"/>. Ignored from any other.
    /// </summary>
    public void Acknowledge(int server, long zxid)
    {
        if (synced.Contains(server))
            held[server] = Math.Max(held[server], zxid);
    }

    /// <summary>Commits what a quorum holds. True if there was something to commit.</summary>
    public bool Advance()
    {
        var reached = Committed;
        foreach (var (_, candidate) in held)
        {
            if (candidate <= reached)
                continue;
            var holders = default(ServerSet);
            foreach (var (server, zxid) in held)
            {
                if (zxid >= candidate)
                    holders.Add(server);
            }

            if (quorum.IsReachedBy(holders))
                reached = candidate;
        }

        if (reached == Committed)
            return false;
        Committed = reached;
        while (outstanding.TryPeek(out var oldest) && oldest.Last <= reached)
        {
            outstanding.Dequeue();
            OutstandingBytes -= oldest.Bytes;
        }

        return true;
    }
}
