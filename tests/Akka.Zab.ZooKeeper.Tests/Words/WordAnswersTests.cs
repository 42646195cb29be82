using System.Buffers;
using System.Diagnostics;
using System.Text;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Sessions;
using Akka.Zab.ZooKeeper.Connections;
using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Tests.Words;

public class WordAnswersTests
{
    static ServerSnapshot Snapshot(ServerRole role = ServerRole.Leading, bool serving = true)
    {
        var ms = Stopwatch.Frequency / 1000;
        var traffic = new ConnectionStatistics(30, 40, 2, 10, ms, 7 * ms, 25 * ms);
        return new ServerSnapshot(
            new PeerStatus(2, role, 2, 5, 0x500000010, 0x50000000f, 2, 2, 0, 120, 48, 4096, serving),
            new ReplicaStatus(0x50000000f, 8, 3, 1234, 6, 4, 9, 1),
            new SessionsStatus(1, 9),
            [new ConnectionSnapshot("127.0.0.1:5555", true, traffic)],
            traffic,
            TimeSpan.FromSeconds(3),
            new ServerConfiguration(2182, "/data/2", 2000, 4000, 40000, 10, 5, true, 3, ["server.1=a", "server.2=b"])
            {
                MaxConnectionsPerAddress = 60,
            });
    }

    [Theory]
    [InlineData("ruok", true)]
    [InlineData("srvr\n", true)]
    [InlineData("stmk and more", true)]
    [InlineData("RUOK", false)]
    [InlineData("ruo", false)]
    [InlineData("lsnp", false)]
    public void A_word_is_known_by_its_four_letters(string text, bool known)
    {
        var received = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text));
        Assert.Equal(known, FourLetterWords.TryParse(received, out _));
    }

    [Fact]
    public void Srvr_reads_as_zookeepers_tools_expect_it()
    {
        var lines = WordAnswers.Answer(FourLetterWord.Srvr, Snapshot()).Split('\n');
        Assert.Matches(@"^Zookeeper version: \d+\.\d+\.\d+\S*, built on ", lines[0]);
        Assert.Equal(
            [
                "Latency min/avg/max: 1/2.5/7", "Received: 30", "Sent: 40", "Connections: 1", "Outstanding: 2",
                "Zxid: 0x50000000f", "Mode: leader", "Node count: 8", "Proposal sizes last/min/max: 120/48/4096", "",
            ],
            lines[1..]);
    }

    [Fact]
    public void Only_a_leader_tells_of_proposals()
    {
        var text = WordAnswers.Answer(FourLetterWord.Srvr, Snapshot(ServerRole.Following));
        Assert.Contains("Mode: follower\n", text);
        Assert.DoesNotContain("Proposal", text);
    }

    [Fact]
    public void Stat_lists_the_connections_first()
    {
        var lines = WordAnswers.Answer(FourLetterWord.Stat, Snapshot()).Split('\n');
        Assert.Equal(
            ["Clients:", " /127.0.0.1:5555[1](queued=2,recved=30,sent=40)", "", "Latency min/avg/max: 1/2.5/7"],
            lines[1..5]);
    }

    [Fact]
    public void Mntr_has_a_key_a_tab_and_a_value_on_every_line()
    {
        var text = WordAnswers.Answer(FourLetterWord.Mntr, Snapshot());
        var values = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.All(values.Keys, key => Assert.StartsWith("zk_", key));
        Assert.Equal("leader", values["zk_server_state"]);
        Assert.Equal("leading - broadcast", values["zk_peer_state"]);
        Assert.Equal("2.5", values["zk_avg_latency"]);
        Assert.Equal("8", values["zk_znode_count"]);
        Assert.Equal("9", values["zk_global_sessions"]);
        Assert.Equal("2", values["zk_synced_followers"]);
    }

    [Fact]
    public void Mntr_tells_of_the_memory_of_the_process()
    {
        var server = Snapshot() with { Collector = new(123456, 2345, 9, 4, 1, TimeSpan.FromMicroseconds(5250)) };
        Assert.Contains(
            "zk_gc_allocated_bytes\t123456\nzk_gc_heap_bytes\t2345\nzk_gc_collections_gen0\t9\nzk_gc_collections_gen1\t4\n"
            + "zk_gc_collections_gen2\t1\nzk_gc_pause_ms\t5.25\n",
            WordAnswers.Answer(FourLetterWord.Mntr, server));
    }

    [Fact]
    public void Conf_shows_the_settings()
    {
        var lines = WordAnswers.Answer(FourLetterWord.Conf, Snapshot()).Split('\n');
        Assert.Contains("clientPort=2182", lines);
        Assert.Contains("tickTime=2000", lines);
        Assert.Contains("serverId=2", lines);
        Assert.Contains("server.2=b", lines);
    }

    [Fact]
    public void A_server_that_serves_nobody_says_so()
    {
        foreach (var server in new[] { null, Snapshot(ServerRole.Looking, serving: false) })
        {
            Assert.Equal("imok", WordAnswers.Answer(FourLetterWord.Ruok, server));
            Assert.Equal("null", WordAnswers.Answer(FourLetterWord.Isro, server));
            FourLetterWord[] words =
                [FourLetterWord.Srvr, FourLetterWord.Stat, FourLetterWord.Mntr, FourLetterWord.Conf];
            foreach (var word in words)
                Assert.Equal(
                    "This ZooKeeper instance is not currently serving requests", WordAnswers.Answer(word, server));
        }
        Assert.Equal("rw", WordAnswers.Answer(FourLetterWord.Isro, Snapshot()));
    }

    [Fact]
    public void A_server_without_a_leader_that_is_read_says_so()
    {
        var server = Snapshot(ServerRole.Looking, serving: false);
        server = server with { Peer = server.Peer with { ReadOnly = true }, Sessions = new SessionsStatus(1, 0) { Local = 5 } };
        Assert.Equal("ro", WordAnswers.Answer(FourLetterWord.Isro, server));
        var lines = WordAnswers.Answer(FourLetterWord.Srvr, server).Split('\n');
        Assert.Equal("READ-ONLY mode; serving only read-only clients", lines[1]);
        Assert.Contains("Mode: read-only", lines);
        var mntr = WordAnswers.Answer(FourLetterWord.Mntr, server).Split('\n');
        Assert.Contains("zk_server_state\tread-only", mntr);
        Assert.Contains("zk_peer_state\tlooking", mntr);
        Assert.Contains("zk_local_sessions\t5", mntr);
    }

    [Fact]
    public void Dump_tells_local_sessions_apart_where_there_may_be_some()
    {
        var due = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var local = new ExpiryBucket(due, [0x1000b]);
        string[] localLines = ["Local Session Sets (1)/(1):", "1 expire at Tue Feb 03 04:05:06 UTC 2026:", "\t0x1000b"];
        var leader = WithTree(ServerRole.Leading) with { LocalExpiry = [local] };
        Assert.Equal(
            ["SessionTracker dump:", .. localLines, "Global Session Sets (0)/(0):"],
            WordAnswers.Answer(FourLetterWord.Dump, leader).Split('\n')[..5]);
        var follower = WithTree(ServerRole.Following) with { LocalExpiry = [local] };
        Assert.Equal(
            ["SessionTracker dump:", .. localLines, "Global Sessions(1):"],
            WordAnswers.Answer(FourLetterWord.Dump, follower).Split('\n')[..5]);
    }

    [Fact]
    public void Conf_shows_the_limits()
        => Assert.Contains("maxClientCnxns=60", WordAnswers.Answer(FourLetterWord.Conf, Snapshot()).Split('\n'));

    // ZOOKEEPER-PROTOCOL.md, section 2, four-letter words, for this and all below.
    [Fact]
    public void Cons_tells_of_sessions_and_their_last_requests()
    {
        var ms = Stopwatch.Frequency / 1000;
        var traffic = new ConnectionStatistics(30, 40, 2, 10, ms, 7 * ms, 25 * ms);
        var server = Snapshot() with
        {
            Connections =
            [
                new ConnectionSnapshot("127.0.0.1:5555", true, traffic),
                new ConnectionSnapshot(
                    "127.0.0.1:5556", false, traffic, 0x10009, 4000, DateTimeOffset.FromUnixTimeMilliseconds(1234567),
                    new LastAnswer(12, 0x21, 0x500000001, 99 * ms, 3 * ms)),
                new ConnectionSnapshot(
                    "127.0.0.1:5557", true, traffic, 0x1000a, 4000, DateTimeOffset.FromUnixTimeMilliseconds(1234567),
                    LastAnswer.None),
            ],
        };
        Assert.Equal(
            [
                " /127.0.0.1:5555[1](queued=2,recved=30,sent=40)",
                " /127.0.0.1:5556[0](queued=2,recved=30,sent=40,sid=0x10009,lop=GETC,est=1234567,to=4000,lcxid=0x21," +
                "lzxid=0x500000001,lresp=99,llat=3,minlat=1,avglat=2,maxlat=7)",
                " /127.0.0.1:5557[1](queued=2,recved=30,sent=40,sid=0x1000a,lop=NA,est=1234567,to=4000)",
                "", "",
            ],
            WordAnswers.Answer(FourLetterWord.Cons, server).Split('\n'));
    }

    [Fact]
    public void The_words_that_reset_say_so()
    {
        Assert.Equal("Connection stats reset.\n", WordAnswers.Answer(FourLetterWord.Crst, Snapshot()));
        Assert.Equal("Server stats reset.\n", WordAnswers.Answer(FourLetterWord.Srst, Snapshot()));
    }

    [Fact]
    public void Envi_is_answered_by_a_server_that_serves_nobody()
    {
        var lines = WordAnswers.Answer(FourLetterWord.Envi, null).Split('\n');
        Assert.Equal("Environment:", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("os.name=", StringComparison.Ordinal));
    }

    static ServerSnapshot WithTree(ServerRole role)
    {
        var edit = Akka.Zab.Tree.ZnodeTree.Empty.Edit();
        var open = new Akka.Zab.Tree.OpenSessionTxn(new byte[16], 4000);
        edit.Apply(new Akka.Zab.Tree.LoggedTxn(new Akka.Zab.Tree.TxnHeader(1, 1, 0x10009, 1), open));
        var create = new Akka.Zab.Tree.CreateTxn("/e", null, Akka.Zab.Client.Acl.Open, 0x10009, 1);
        edit.Apply(new Akka.Zab.Tree.LoggedTxn(new Akka.Zab.Tree.TxnHeader(2, 1, 0x10009, 2), create));
        return Snapshot(role) with { Tree = edit.Commit() };
    }

    [Fact]
    public void Dump_tells_the_leaders_sessions_by_when_they_expire()
    {
        var due = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var server = WithTree(ServerRole.Leading) with
        {
            Expiry = [new ExpiryBucket(due, [0x10009, 0x1000a])],
        };
        Assert.Equal(
            [
                "SessionTracker dump:", "Session Sets (1)/(2):", "2 expire at Tue Feb 03 04:05:06 UTC 2026:",
                "\t0x10009", "\t0x1000a", "ephemeral nodes dump:", "Sessions with Ephemerals (1):", "0x10009:", "\t/e",
                "Connections dump:", "Connections Sets (1)/(1):", "\tip: /127.0.0.1:5555 sessionId: 0x0", "",
            ],
            WordAnswers.Answer(FourLetterWord.Dump, server).Split('\n'));
    }

    [Fact]
    public void Dump_tells_a_followers_sessions_with_their_timeouts()
        => Assert.Equal(
            ["SessionTracker dump:", "Global Sessions(1):", "0x10009\t4000ms", "ephemeral nodes dump:"],
            WordAnswers.Answer(FourLetterWord.Dump, WithTree(ServerRole.Following)).Split('\n')[..4]);

    [Fact]
    public void The_words_about_watches_count_and_list_them()
    {
        var server = Snapshot() with
        {
            Watches =
            [
                new WatchOfSession("/a", 1, 0x10009), new WatchOfSession("/a", 2, 0x1000a),
                new WatchOfSession("/b", 1, 0x10009),
            ],
        };
        Assert.Equal(
            "2 connections watching 2 paths\nTotal watches:3\n", WordAnswers.Answer(FourLetterWord.Wchs, server));
        Assert.Equal(
            "0x10009\n\t/a\n\t/b\n0x1000a\n\t/a\n\n", WordAnswers.Answer(FourLetterWord.Wchc, server));
        Assert.Equal(
            "/a\n\t0x10009\n\t0x1000a\n/b\n\t0x10009\n\n", WordAnswers.Answer(FourLetterWord.Wchp, server));
    }

    [Fact]
    public void Dirs_tells_the_bytes_of_snapshots_and_journal()
    {
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllBytes(Path.Combine(folder.FullName, "snapshots.db"), new byte[10]);
        File.WriteAllBytes(Path.Combine(folder.FullName, "journal.db"), new byte[20]);
        File.WriteAllBytes(Path.Combine(folder.FullName, "journal.db-wal"), new byte[5]);
        var server = Snapshot();
        server = server with { Configuration = server.Configuration with { DataDirectory = folder.FullName } };
        Assert.Equal("datadir_size: 10\nlogdir_size: 25\n", WordAnswers.Answer(FourLetterWord.Dirs, server));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Hash_is_of_the_whole_tree_at_its_zxid()
    {
        var server = WithTree(ServerRole.Leading);
        Assert.Equal(
            $"2: {server.Tree!.Digest().ToLowerInvariant()}\n", WordAnswers.Answer(FourLetterWord.Hash, server));
    }

    [Theory]
    [InlineData("*", 18)]
    [InlineData("srvr", 1)]
    [InlineData("none", 0)]
    public void The_white_list_names_words_or_all_of_them(string name, int count)
        => Assert.Equal(count, PortSettings.WordsOf([name]).Count);
}
