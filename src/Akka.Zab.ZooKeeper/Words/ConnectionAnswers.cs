using System.Diagnostics;
using Akka.Zab.ZooKeeper.Jute;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>The lines of <c>stat</c> and <c>cons</c> about connections.</summary>
internal static class ConnectionAnswers
{
    /// <summary>A line up to where <c>stat</c> closes it and <c>cons</c> goes on.</summary>
    public static string Brief(in ConnectionSnapshot connection)
    {
        var traffic = connection.Traffic;
        return FormattableString.Invariant(
            $" /{connection.Remote}[{(connection.Reading ? 1 : 0)}](queued={traffic.Outstanding},recved={traffic.Received},sent={traffic.Sent}");
    }

    /// <summary>The answer to <c>cons</c>.</summary>
    public static string Cons(IReadOnlyList<ConnectionSnapshot> connections)
    {
        var text = new Lines();
        foreach (var connection in connections)
            text.Add($"{Brief(connection)}{(connection.SessionId == 0 ? "" : Details(connection))})");
        text.Add($"");
        return text.ToString();
    }

    static string Details(in ConnectionSnapshot connection)
    {
        var (traffic, last) = (connection.Traffic, connection.Last);
        var session = FormattableString.Invariant(
            $",sid=0x{connection.SessionId:x},lop={NameOf(last.Operation)},est={connection.OpenedAt.ToUnixTimeMilliseconds()},to={connection.TimeoutMs}");
        if (last.Operation == 0) return session;
        var answer = FormattableString.Invariant(
            $",lcxid=0x{last.Xid:x},lzxid=0x{last.Zxid:x},lresp={Milliseconds(last.AnsweredAt)},llat={Milliseconds(last.Latency)}");
        return session + answer + FormattableString.Invariant(
            $",minlat={traffic.LatencyMinMs:0},avglat={(long)traffic.LatencyAverageMs},maxlat={traffic.LatencyMaxMs:0}");
    }

    static long Milliseconds(long ticks) => ticks * 1000 / Stopwatch.Frequency;

    /// <summary>ZooKeeper's short names of operations.</summary>
    static string NameOf(int operation) => (OpCode)operation switch
    {
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl => "CREA",
        OpCode.Delete => "DELE",
        OpCode.Exists => "EXIS",
        OpCode.GetData => "GETD",
        OpCode.SetData => "SETD",
        OpCode.GetAcl => "GETA",
        OpCode.SetAcl => "SETA",
        OpCode.GetChildren or OpCode.GetChildren2 or OpCode.GetChildrenPage => "GETC",
        OpCode.Sync or OpCode.Confirm => "SYNC",
        OpCode.Ping => "PING",
        OpCode.Multi => "MULT",
        OpCode.MultiRead => "MLTR",
        OpCode.Reconfig => "RECO",
        OpCode.CheckWatches => "CHKW",
        OpCode.RemoveWatches => "REMW",
        OpCode.SetWatches => "SETW",
        OpCode.SetWatches2 => "STW2",
        OpCode.AddWatch or OpCode.ResumeWatch => "ADDW",
        OpCode.GetEphemerals => "GETE",
        OpCode.GetAllChildrenNumber => "GETACN",
        OpCode.WhoAmI => "HOMI",
        OpCode.CloseSession => "CLOS",
        _ => "NA",
    };
}
