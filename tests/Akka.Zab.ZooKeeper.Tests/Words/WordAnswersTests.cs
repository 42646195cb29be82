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
            new ServerConfiguration(2182, "/data/2", 2000, 4000, 40000, 10, 5, true, 3, ["server.1=a", "server.2=b"]));
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
    public void Other_words_are_not_in_the_whitelist()
        => Assert.Equal(
            "wchs is not executed because it is not in the whitelist.",
            WordAnswers.Answer(FourLetterWord.Wchs, Snapshot()));
}
