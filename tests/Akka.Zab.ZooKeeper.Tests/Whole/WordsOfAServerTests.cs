using System.Globalization;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 2, four-letter words: of a server that serves.</summary>
public sealed class WordsOfAServerTests : IAsyncLifetime
{
    TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync("akka.zab.four-letter-words = [\"*\"]");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("ruok", "^imok$")]
    [InlineData("isro", "^rw$")]
    [InlineData("srvr", "^Zookeeper version: .*\n(.*\n)*Mode: leader\nNode count: 4\n")]
    [InlineData("stat", "^Zookeeper version: .*\nClients:\n /127.0.0.1:[0-9]+\\[1\\]\\(queued=0,recved=0,sent=0\\)\n")]
    [InlineData("mntr", "\nzk_znode_count\t4\n")]
    [InlineData("mntr", "\nzk_gc_allocated_bytes\t[1-9][0-9]*\nzk_gc_heap_bytes\t[1-9][0-9]*\n")]
    [InlineData("conf", "\nminSessionTimeout=1000\nmaxSessionTimeout=60000\nclientPortListenBacklog=1024\nserverId=1\n")]
    [InlineData("conf", "\ninitLimit=10\nsyncLimit=5\nelectionAlg=3\nelectionPort=[0-9]+\nquorumPort=[0-9]+\npeerType=0\n")]
    [InlineData("mntr", "\nzk_open_file_descriptor_count\t[1-9][0-9]+\nzk_max_file_descriptor_count\t[1-9][0-9]+\n")]
    [InlineData("cons", "^ /127.0.0.1:[0-9]+\\[1\\]\\(queued=0,recved=0,sent=0\\)\n\n$")]
    [InlineData("crst", "^Connection stats reset.\n$")]
    [InlineData("srst", "^Server stats reset.\n$")]
    [InlineData("envi", "^Environment:\nzookeeper.version=")]
    [InlineData("dump", "^SessionTracker dump:\nSession Sets \\(0\\)/\\(0\\):\n")]
    [InlineData("wchs", "^0 connections watching 0 paths\nTotal watches:0\n$")]
    [InlineData("wchc", "^\n$")]
    [InlineData("wchp", "^\n$")]
    [InlineData("dirs", "^datadir_size: [1-9][0-9]*\nlogdir_size: [1-9][0-9]*\n$")]
    [InlineData("hash", "^[0-9a-f]+: [0-9a-f]{64}\n$")]
    [InlineData("gtmk", "^306$")]
    [InlineData("stmk\0\0\0\0\0\0\u0001\u0002", "^258$")]
    public async Task Every_word_is_answered(string word, string expected)
        => Assert.Matches(expected, await _server.WordAsync(word));

    [Fact]
    public async Task Sessions_their_requests_their_ephemerals_and_their_watches_are_shown()
    {
        using var session = await _server.ConnectAsync();
        var id = session.SessionId.ToString("x", CultureInfo.InvariantCulture);
        await session.CreateAsync("/mine", flags: 1);
        await session.CallAsync(3, frame => frame.String("/mine").Bool(true));
        await session.CallAsync(106, frame => frame.String("/all").Int(1));
        await session.CallAsync(8, frame => frame.String("/").Bool(true));
        Assert.Matches(
            $"recved=4,sent=4,sid=0x{id},lop=GETC,est=[0-9]+,to=30000,lcxid=0x4,lzxid=0x[0-9a-f]+,lresp=",
            await _server.WordAsync("cons"));
        Assert.Matches($"1 expire at [^\n]*:\n\t0x{id}\n", await _server.WordAsync("dump"));
        Assert.Contains($"Sessions with Ephemerals (1):\n0x{id}:\n\t/mine\n", await _server.WordAsync("dump"));
        Assert.Equal("1 connections watching 2 paths\nTotal watches:2\n", await _server.WordAsync("wchs"));
        Assert.Equal($"0x{id}\n\t/mine\n\t/all\n\n", await _server.WordAsync("wchc"));
        Assert.Equal($"/mine\n\t0x{id}\n/all\n\t0x{id}\n\n", await _server.WordAsync("wchp"));
    }

    [Fact]
    public async Task The_figures_of_connections_and_of_the_server_are_reset_apart()
    {
        using var session = await _server.ConnectAsync();
        await session.CreateAsync("/a");
        await _server.WordAsync("crst");
        Assert.Matches("recved=0,sent=0,sid=0x[0-9a-f]+,lop=NA,", await _server.WordAsync("cons"));
        Assert.Contains("\nReceived: 1\n", await _server.WordAsync("srvr"));
        await session.CreateAsync("/b");
        await _server.WordAsync("srst");
        Assert.Contains("\nReceived: 0\n", await _server.WordAsync("srvr"));
        Assert.Contains("recved=1,sent=1,", await _server.WordAsync("cons"));
    }

    [Fact]
    public async Task A_long_list_of_children_can_be_read_over_the_port_and_by_an_akka_client()
    {
        using var session = await _server.ConnectAsync();
        for (var i = 0; i < 300; i++) await session.SendAsync(
            1, frame => frame.String($"/child-{i:D4}").Buffer([]).OpenAcl().Int(0));
        for (var i = 0; i < 300; i++) Assert.Equal(0, (await session.ReplyAsync()).Error);
        var reply = await session.CallAsync(8, frame => frame.String("/").Bool(false));
        Assert.Equal(4 + (300 * 14) + 13, reply.Body.Length);
        await using var client = await Client.ZabClient.ConnectAsync(_server.System, []);
        var children = (await client.GetChildrenAsync("/")).Names;
        Assert.IsType<string[]>(children);
        Assert.Equal("child-0299", children[^2]);
        var both = await client.MultiReadAsync([new Client.GetChildren("/"), new Client.GetData("/")]);
        Assert.Equal(301, Assert.IsType<string[]>(((Client.ChildrenReply)both[0]).Names).Length);
    }
}
