using Akka.Zab.Protocol;
using Akka.Zab.Tree;
using Akka.Zab.ZooKeeper.Connections;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>The text of each answer, in the form that ZooKeeper's tools parse.</summary>
internal static class WordAnswers
{
    /// <summary>
    /// The level of ZooKeeper's protocol, which clients read to know what they may ask, with this product's own
    /// version.
    /// </summary>
    public static string Version { get; } =
        $"3.9.0-akka.zab-{typeof(WordAnswers).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>
    /// The answer to <paramref name="word"/>, with <paramref name="server"/> null while nothing is known.
    /// </summary>
    public static string Answer(FourLetterWord word, ServerSnapshot? server)
    {
        switch (word)
        {
            case FourLetterWord.Ruok:
                return "imok";
            case FourLetterWord.Envi:
                return EnvironmentAnswer.Text;
            case FourLetterWord.Isro when server is { Peer.Serving: true }:
                return "rw";
            case FourLetterWord.Isro when server is { Peer.ReadOnly: true }:
                return "ro";
            case FourLetterWord.Isro:
                return "null";
        }
        if (server is not { AnswersWords: true }) return FourLetterWords.NotServing;
        return word switch
        {
            FourLetterWord.Srvr => Srvr(server, clients: false),
            FourLetterWord.Stat => Srvr(server, clients: true),
            FourLetterWord.Mntr => Mntr(server),
            FourLetterWord.Conf => Conf(server),
            FourLetterWord.Cons => ConnectionAnswers.Cons(server.Connections),
            FourLetterWord.Crst => "Connection stats reset.\n",
            FourLetterWord.Srst => "Server stats reset.\n",
            FourLetterWord.Dump => SessionAnswers.Dump(server),
            FourLetterWord.Wchs => WatchAnswers.Summary(server.Watches),
            FourLetterWord.Wchc => WatchAnswers.BySession(server.Watches),
            FourLetterWord.Wchp => WatchAnswers.ByPath(server.Watches),
            FourLetterWord.Dirs => Dirs(server.Configuration.DataDirectory),
            FourLetterWord.Hash => Hash(server.Tree),
            _ => FourLetterWords.NotInWhitelist(word),
        };
    }

    static string Srvr(ServerSnapshot server, bool clients)
    {
        var text = new Lines();
        text.Add($"Zookeeper version: {Version}, built on 2026-01-01 00:00 UTC");
        if (server.Peer.ReadOnly) text.Add($"READ-ONLY mode; serving only read-only clients");
        if (clients)
        {
            text.Add($"Clients:");
            foreach (var connection in server.Connections)
                text.Add($"{ConnectionAnswers.Brief(connection)})");
            text.Add($"");
        }
        var total = server.Traffic;
        text.Add($"Latency min/avg/max: {total.LatencyMinMs:0}/{total.LatencyAverageMs:0.0###}/{total.LatencyMaxMs:0}");
        text.Add($"Received: {total.Received}");
        text.Add($"Sent: {total.Sent}");
        text.Add($"Connections: {server.Connections.Count}");
        text.Add($"Outstanding: {total.Outstanding}");
        text.Add($"Zxid: 0x{server.Replica.LastApplied:x}");
        text.Add($"Mode: {Mode(server)}");
        text.Add($"Node count: {server.Replica.Znodes}");
        if (server.Peer is { Role: ServerRole.Leading } leader)
        {
            var (last, min, max) = (leader.LastProposalBytes, leader.MinProposalBytes, leader.MaxProposalBytes);
            text.Add($"Proposal sizes last/min/max: {last}/{min}/{max}");
        }
        return text.ToString();
    }

    static string Mntr(ServerSnapshot server)
    {
        var (peer, replica, total) = (server.Peer, server.Replica, server.Traffic);
        var text = new Lines();
        text.Add($"zk_version\t{Version}, built on 2026-01-01 00:00 UTC");
        text.Add($"zk_server_state\t{Mode(server)}");
        text.Add($"zk_peer_state\t{PeerState(peer.Role)}");
        text.Add($"zk_peer_epoch\t{peer.Epoch}");
        text.Add($"zk_avg_latency\t{total.LatencyAverageMs:0.0###}");
        text.Add($"zk_min_latency\t{total.LatencyMinMs:0}");
        text.Add($"zk_max_latency\t{total.LatencyMaxMs:0}");
        text.Add($"zk_packets_received\t{total.Received}");
        text.Add($"zk_packets_sent\t{total.Sent}");
        text.Add($"zk_num_alive_connections\t{server.Connections.Count}");
        text.Add($"zk_outstanding_requests\t{total.Outstanding}");
        text.Add($"zk_znode_count\t{replica.Znodes}");
        text.Add($"zk_watch_count\t{replica.Watches}");
        text.Add($"zk_ephemerals_count\t{replica.Ephemerals}");
        text.Add($"zk_approximate_data_size\t{replica.DataBytes}");
        text.Add($"zk_global_sessions\t{replica.Sessions}");
        text.Add($"zk_local_sessions\t{server.Sessions.Local}");
        text.Add($"zk_uptime\t{server.Uptime.TotalMilliseconds:0}");
        text.Add($"zk_quorum_size\t{server.Configuration.Voters}");
        text.Add($"zk_connection_rejected\t{server.Refused.Connections}");
        text.Add($"zk_large_requests_rejected\t{server.Refused.LongRequests}");
        text.Add($"zk_large_replies_rejected\t{server.Refused.LongReplies}");
        if (OpenFiles.Count() is var (open, most))
        {
            text.Add($"zk_open_file_descriptor_count\t{open}");
            text.Add($"zk_max_file_descriptor_count\t{most}");
        }
        var collector = server.Collector;
        text.Add($"zk_gc_allocated_bytes\t{collector.AllocatedBytes}");
        text.Add($"zk_gc_heap_bytes\t{collector.HeapBytes}");
        text.Add($"zk_gc_collections_gen0\t{collector.Gen0}");
        text.Add($"zk_gc_collections_gen1\t{collector.Gen1}");
        text.Add($"zk_gc_collections_gen2\t{collector.Gen2}");
        text.Add($"zk_gc_pause_ms\t{collector.Paused.TotalMilliseconds:0.0##}");
        if (peer.Role != ServerRole.Leading) return text.ToString();
        text.Add($"zk_learners\t{peer.Learners}");
        text.Add($"zk_synced_followers\t{peer.SyncedFollowers}");
        text.Add($"zk_synced_observers\t{peer.SyncedObservers}");
        text.Add($"zk_last_proposal_size\t{peer.LastProposalBytes}");
        text.Add($"zk_min_proposal_size\t{peer.MinProposalBytes}");
        text.Add($"zk_max_proposal_size\t{peer.MaxProposalBytes}");
        return text.ToString();
    }

    static string Conf(ServerSnapshot server)
    {
        var conf = server.Configuration;
        var text = new Lines();
        text.Add($"clientPort={conf.ClientPort}");
        text.Add($"secureClientPort={conf.SecureClientPort}");
        text.Add($"dataDir={conf.DataDirectory}");
        text.Add($"dataDirSize={Size(conf.DataDirectory, "snapshots.db*")}");
        text.Add($"dataLogDir={conf.DataDirectory}");
        text.Add($"dataLogSize={Size(conf.DataDirectory, "journal.db*")}");
        text.Add($"tickTime={conf.TickMs}");
        text.Add($"maxClientCnxns={conf.MaxConnectionsPerAddress}");
        text.Add($"minSessionTimeout={conf.MinSessionTimeoutMs}");
        text.Add($"maxSessionTimeout={conf.MaxSessionTimeoutMs}");
        text.Add($"clientPortListenBacklog={ClientListener.Backlog}");
        text.Add($"serverId={server.Peer.ServerId}");
        text.Add($"initLimit={conf.InitLimit}");
        text.Add($"syncLimit={conf.SyncLimit}");
        // The one election that there is; its votes come the way of everything between servers.
        text.Add($"electionAlg=3");
        if (PortsOf(server.Peer.ServerId, conf.Members) is var (remote, election))
        {
            text.Add($"electionPort={election}");
            text.Add($"quorumPort={remote}");
        }
        text.Add($"peerType={(conf.Votes ? 0 : 1)}");
        text.Add($"membership: ");
        foreach (var member in conf.Members) text.Add($"{member}");
        return text.ToString();
    }

    // server.1=host:4051:4052:participant;..., where the host may be an IPv6 address in brackets.
    static (string Remote, string Election)? PortsOf(int id, IReadOnlyList<string> members)
    {
        foreach (var member in members)
        {
            if (!member.StartsWith(FormattableString.Invariant($"server.{id}="), StringComparison.Ordinal)) continue;
            var address = member.Split(';')[0];
            var fields = address[(address.LastIndexOf(']') + 1)..].Split(':');
            if (fields.Length >= 3) return (fields[1], fields[2]);
        }
        return null;
    }

    static string Mode(ServerSnapshot server) => server.Peer.Role switch
    {
        ServerRole.Leading => "leader",
        ServerRole.Following => "follower",
        ServerRole.Observing => "observer",
        _ when server.Peer.ReadOnly => "read-only",
        _ => "looking",
    };

    static string PeerState(ServerRole role) => role switch
    {
        ServerRole.Leading => "leading - broadcast",
        ServerRole.Following => "following - broadcast",
        ServerRole.Observing => "observing - broadcast",
        _ => "looking",
    };

    static string Dirs(string folder)
    {
        var text = new Lines();
        text.Add($"datadir_size: {Size(folder, "snapshots.db*")}");
        text.Add($"logdir_size: {Size(folder, "journal.db*")}");
        return text.ToString();
    }

    // Where the journal is not in files, there are none.
    static long Size(string folder, string files)
    {
        var directory = new DirectoryInfo(folder);
        return directory.Exists ? directory.EnumerateFiles(files).Sum(static file => file.Length) : 0;
    }

    static string Hash(ZnodeTree? tree)
        => tree is null
            ? FourLetterWords.NotServing
            : FormattableString.Invariant($"{tree.LastZxid:x}: {tree.Digest().ToLowerInvariant()}\n");
}
