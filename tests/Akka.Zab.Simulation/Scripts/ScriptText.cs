using System.Text;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>
/// Messages, rows and transactions as a reader of ZooKeeper's sources or of the ZAB papers would write them. A zxid is
/// its epoch and its counter: 2.7.
/// </summary>
internal static class ScriptText
{
    public static string Of(long zxid) => $"{Protocol.Zxid.Epoch(zxid)}.{Protocol.Zxid.Counter(zxid)}";

    /// <summary>The zxid that a text stands for.</summary>
    public static long Zxid(string text) => text.Split('.') is [var epoch, var counter]
        ? Protocol.Zxid.Of(int.Parse(epoch), uint.Parse(counter))
        : throw new FormatException($"'{text}' is no zxid: epoch and counter, as in 2.7.");

    public static string Of(object message) => message switch
    {
        Notification vote => $"VOTE {Of(vote.Vote)}, {Of(vote.State)} in round {vote.Round}",
        FollowerInfo { Role: MemberRole.Observer } info => $"OBSERVERINFO accepted epoch {info.AcceptedEpoch}",
        FollowerInfo info => $"FOLLOWERINFO accepted epoch {info.AcceptedEpoch}",
        LeaderInfo info => $"LEADERINFO epoch {info.Epoch}",
        AckEpoch ack => $"ACKEPOCH current epoch {ack.CurrentEpoch}, history ends at {Of(ack.LastZxid)}"
            + (ack.Counts ? "" : ", no promise"),
        SyncDiff diff => $"DIFF after {Of(diff.After)}",
        SyncTrunc trunc => $"TRUNC to {Of(trunc.To)}",
        SyncSnapshot snap => $"SNAP of {Of(snap.Zxid)}{(snap.Last ? "" : ", more to come")}",
        SyncSnapshotTaken => "SNAP taken",
        SyncBatchesTaken => "HISTORY taken",
        SyncBatch batch => $"HISTORY {Of(batch.FirstZxid, batch.LastZxid, batch.Bytes)}",
        NewLeader leader => $"NEWLEADER epoch {leader.Epoch}, history ends at {Of(leader.LastZxid)}",
        AckNewLeader ack => $"ACK of NEWLEADER, history ends at {Of(ack.LastZxid)}",
        UpToDate upToDate => $"UPTODATE committed {Of(upToDate.Committed)}",
        Propose propose => $"PROPOSAL {Of(propose.FirstZxid, propose.LastZxid, propose.Bytes)}, "
            + $"committed {Of(propose.Committed)}",
        Ack ack => $"ACK {Of(ack.Zxid)}",
        Commit commit => $"COMMIT {Of(commit.Zxid)}",
        Inform inform => $"INFORM {Of(inform.FirstZxid, inform.LastZxid, inform.Bytes)}",
        PeerPing ping => $"PING {ping.Question}",
        PeerPong pong => $"PONG {pong.Question}{Touched(pong.Touched.Length)}",
        ForwardWrites => "REQUEST",
        ForwardAnswers => "ANSWERS",
        LinkBroken { Successor: not 0 } broken => $"LINK BROKEN {broken.Reason}, vote for {broken.Successor}",
        LinkBroken broken => $"LINK BROKEN {broken.Reason}",
        _ => message.GetType().Name,
    };

    /// <summary>A row of the journal.</summary>
    public static string Of(HistoryEvent row) => row switch
    {
        EpochAccepted accepted => $"accepted epoch {accepted.Epoch}",
        EpochEstablished established => $"current epoch {established.Epoch}",
        BatchAppended batch => Of(batch.FirstZxid, batch.LastZxid, batch.Bytes),
        HistoryTruncated truncated => $"cut after {Of(truncated.KeepUpTo)}",
        HistoryReplaced replaced => $"replaced by the snapshot of {Of(replaced.Snapshot.Zxid)}",
        SnapshotTaken taken => $"snapshot of {Of(taken.Snapshot.Zxid)} taken",
        _ => row.GetType().Name,
    };

    /// <summary>What came back to a client.</summary>
    public static string Of(Reply reply) => reply switch
    {
        ErrorReply error => $"{error.Error}",
        CreatedReply created => $"created {created.Path}",
        StatReply stat => $"version {stat.Stat.Version}",
        DataReply data =>
            $"'{Encoding.UTF8.GetString(data.Data ?? []).Replace('\n', ' ')}' version {data.Stat.Version}",
        ChildrenReply children => $"[{string.Join(' ', children.Names)}]",
        SyncReply => "synced",
        DoneReply => "done",
        _ => reply.GetType().Name,
    };

    public static string Of(ServerRole state) => state.ToString().ToLowerInvariant();

    private static string Of(in Vote vote) =>
        vote.Leader == 0 ? "for nobody" : $"for {vote.Leader} (epoch {vote.Epoch}, {Of(vote.Zxid)})";

    private static string Of(long first, long last, byte[] bytes) => string.Join(
        ", ", TxnCodec.Decode(new TxnBatch(first, last, bytes)).Select(txn => $"{Of(txn.Header.Zxid)} {Of(txn.Body)}"));

    private static string Of(Txn body) => body switch
    {
        CreateTxn { EphemeralOwner: not 0 } create => $"create ephemeral {create.Path}",
        CreateTxn create => $"create {create.Path}",
        DeleteTxn delete => $"delete {delete.Path}",
        SetDataTxn set => $"set {set.Path}",
        MultiTxn multi => $"multi ({string.Join("; ", multi.Parts.Select(Of))})",
        OpenSessionTxn => "open session",
        ReconfigTxn reconfig => $"reconfig to {Members(reconfig.Config)}",
        CloseSessionTxn { Ephemerals: [] } => "close session",
        CloseSessionTxn close => $"close session, delete {string.Join(' ', close.Ephemerals)}",
        _ => body.GetType().Name,
    };

    private static string Members(byte[] config) =>
        EnsembleText.TryParse(Encoding.UTF8.GetString(config), out var ensemble)
            ? string.Join(' ', ensemble.Members.Select(
                member => member.Role == MemberRole.Participant ? $"{member.Id}" : $"{member.Id} (observer)"))
            : "nonsense";

    private static string Touched(int sessions) => sessions switch
    {
        0 => "",
        1 => ", 1 session heard from",
        _ => $", {sessions} sessions heard from",
    };
}
