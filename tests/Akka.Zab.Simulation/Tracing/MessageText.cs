using System.Text;
using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;

namespace Akka.Zab.Simulation;

/// <summary>Messages and trace entries as text, with the names of the ZAB papers.</summary>
internal static class MessageText
{
    /// <summary>One line of the trace.</summary>
    public static StringBuilder Line(StringBuilder text, in Trace.Entry entry)
    {
        text.Append(Trace.Seconds(entry.At)).Append("  ");
        return entry.Kind switch
        {
            TraceKind.Arrives => text.Append(entry.From).Append(" -> ").Append(entry.To).Append("  ").Append(
                Of(entry.What)),
            TraceKind.Lost => text.Append(entry.From).Append(" -x ").Append(entry.To).Append("  ").Append(
                Of(entry.What)),
            TraceKind.Fault => text.Append("!  ").Append(Where(entry)).Append(Of(entry.What)),
            TraceKind.Client => text.Append("client ").Append(entry.From).Append(
                entry.To == 0 ? "" : $" at {entry.To}").Append("  ").Append(Of(entry.What)),
            TraceKind.Disk => text.Append("disk ").Append(entry.From).Append("  ").Append(Of(entry.What)),
            _ => text.Append("server ").Append(entry.From).Append("  ").Append(Of(entry.What)),
        };
    }

    /// <summary>A message, without the number of its link.</summary>
    public static string Of(object message) => message switch
    {
        string text => text,
        Notification vote => $"NOTIFICATION {vote.State} round {vote.Round} votes {vote.Vote.Leader} "
            + $"(epoch {vote.Vote.Epoch}, {Z(vote.Vote.Zxid)})",
        FollowerInfo info => $"FOLLOWERINFO accepted {info.AcceptedEpoch}",
        LeaderInfo info => $"LEADERINFO epoch {info.Epoch}",
        AckEpoch ack =>
            $"ACKEPOCH current {ack.CurrentEpoch} last {Z(ack.LastZxid)}{(ack.Counts ? "" : " no promise")}",
        SyncDiff diff => $"DIFF after {Z(diff.After)}",
        SyncTrunc trunc => $"TRUNC to {Z(trunc.To)}",
        SyncSnapshot snap => $"SNAP {Z(snap.Zxid)}{(snap.Last ? " last" : "")}",
        SyncSnapshotTaken => "SNAP taken",
        SyncBatch batch => $"SYNC {Range(batch.FirstZxid, batch.LastZxid)}",
        NewLeader leader => $"NEWLEADER epoch {leader.Epoch} last {Z(leader.LastZxid)}",
        AckNewLeader ack => $"ACK NEWLEADER {Z(ack.LastZxid)}",
        UpToDate upToDate => $"UPTODATE committed {Z(upToDate.Committed)}",
        Propose propose =>
            $"PROPOSE {Range(propose.FirstZxid, propose.LastZxid)} committed {Z(propose.Committed)}",
        Ack ack => $"ACK {Z(ack.Zxid)}",
        Commit commit => $"COMMIT {Z(commit.Zxid)}",
        Inform inform => $"INFORM {Range(inform.FirstZxid, inform.LastZxid)}",
        PeerPing ping => $"PING {ping.Question}",
        PeerPong pong => $"PONG {pong.Question}{(pong.Touched.Length == 0 ? "" : $" touched {pong.Touched.Length}")}",
        ForwardWrites writes => $"REQUEST {writes.Bytes.Length} bytes",
        ForwardAnswers answers => $"ANSWERS {answers.Bytes.Length} bytes",
        LinkBroken broken => $"LINK BROKEN: {broken.Reason}",
        EpochAccepted accepted => $"epoch {accepted.Epoch} accepted",
        BatchAppended batch => $"appended {Range(batch.FirstZxid, batch.LastZxid)}",
        HistoryTruncated truncated => $"truncated to {Z(truncated.KeepUpTo)}",
        EpochEstablished established => $"epoch {established.Epoch} established",
        SnapshotTaken taken => $"snapshot {taken.Snapshot.Number} of {Z(taken.Snapshot.Zxid)}",
        HistoryReplaced replaced => $"replaced by snapshot of {Z(replaced.Snapshot.Zxid)}",
        ErrorReply error => $"error {error.Error}",
        _ => message.ToString() ?? "",
    };

    public static string Z(long zxid) => zxid == 0 ? "0" : $"{Zxid.Epoch(zxid)}.{Zxid.Counter(zxid)}";

    private static string Range(long first, long last) =>
        first == last ? Z(first) : $"{Z(first)}..{Zxid.Counter(last)}";

    private static string Where(in Trace.Entry entry) => (entry.From, entry.To) switch
    {
        (0, 0) => "",
        (var from, 0) => $"server {from}: ",
        var (from, to) => $"{from} to {to}: ",
    };
}
