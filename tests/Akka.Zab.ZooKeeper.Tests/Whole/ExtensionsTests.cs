using System.Buffers.Binary;
using System.Text;
using Akka.Zab.ZooKeeper.Tests.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>What this port has and ZooKeeper's has not, byte by byte as the port's README describes it.</summary>
public sealed class ExtensionsTests : IAsyncLifetime
{
    const int GetChildrenPage = 1002, ResumeWatch = 1003, Confirm = 1004;

    TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Children_come_in_pages_in_the_order_of_their_names()
    {
        using var session = await _server.ConnectAsync();
        foreach (var path in new[] { "/p", "/p/b", "/p/ä", "/p/a", "/p/d" }) Assert.Equal(0, await session.CreateAsync(path));
        await session.CreateAsync("/p/c");
        await session.DeleteAsync("/p/c");

        Assert.Equal(("a b", true), await PageAsync(session, null, 2));
        Assert.Equal(("d ä", false), await PageAsync(session, "b", 2));
        Assert.Equal(("d", true), await PageAsync(session, "c", 1));
        Assert.Equal(("", false), await PageAsync(session, "ä", 9));
        foreach (var limit in new[] { 0, -1, 100_001 })
            Assert.Equal(-8, (await AskPageAsync(session, "/p", null, limit)).Error);
        Assert.Equal(-101, (await AskPageAsync(session, "/none", null, 1)).Error);
        Assert.Equal(-5, (await session.CallAsync(GetChildrenPage, frame => frame.String(null).String(null).Int(1))).Error);
        Assert.Equal(0, await session.CreateAsync("/still-here"));
    }

    [Fact]
    public async Task A_page_needs_READ()
    {
        using var session = await _server.ConnectAsync();
        var closed = await session.CallAsync(1, frame => frame
            .String("/closed").Buffer([]).Int(1).Int(30).String("world").String("anyone").Int(0));
        Assert.Equal(0, closed.Error);
        Assert.Equal(-102, (await AskPageAsync(session, "/closed", null, 1)).Error);
    }

    [Fact]
    public async Task A_watch_resumes_in_another_connection_with_what_it_would_have_told()
    {
        using var session = await _server.ConnectAsync();
        await session.CreateAsync("/a");
        var since = (await session.CallAsync(3, frame => frame.String("/a").Bool(false))).Zxid;
        await session.SetAsync("/a", [1]);
        await session.CreateAsync("/a/b");
        await session.CreateAsync("/elsewhere");

        using var other = await _server.ConnectAsync();
        await other.SendAsync(ResumeWatch, frame => frame.String("/a").Int(1).Long(since));
        Assert.Equal((3, "/a", since + 1), await EventAsync(other));
        Assert.Equal((1, "/a/b", since + 2), await EventAsync(other));
        var reply = (await other.NextAsync())!;
        Assert.Equal((1, 0, 0), (reply.Xid, reply.Error, reply.Body.Length));
        await session.DeleteAsync("/a/b");
        // Between them the other session was opened.
        Assert.Equal((2, "/a/b", since + 5), await EventAsync(other));
        Assert.Equal(0, (await other.CallAsync(18, frame => frame.String("/a").Int(5))).Error);
    }

    [Fact]
    public async Task What_is_forgotten_and_what_makes_no_sense_is_refused_and_the_connection_goes_on()
    {
        using var session = await _server.ConnectAsync();
        Assert.Equal(-1001, (await session.CallAsync(ResumeWatch, frame => frame.String("/").Int(0).Long(-1))).Error);
        Assert.Equal(-5, (await session.CallAsync(ResumeWatch, frame => frame.String("/").Int(2).Long(0))).Error);
        Assert.Equal(-5, (await session.CallAsync(ResumeWatch, frame => frame.String("/").Int(0))).Error);
        Assert.Equal(-121, (await session.CallAsync(18, frame => frame.String("/").Int(3))).Error);
        // Nor are they parts of a multi.
        foreach (var type in new[] { 14, 22 })
        {
            Assert.Equal(-5, (await session.CallAsync(
                type, frame => frame.Op(GetChildrenPage).String("/").String(null).Int(1).Done())).Error);
        }
        Assert.Equal(0, await session.CreateAsync("/still-here"));
    }

    [Fact]
    public async Task A_read_that_was_sent_behind_a_confirmation_is_of_what_was_written_before()
    {
        using var session = await _server.ConnectAsync();
        using var writer = await _server.ConnectAsync();
        await session.CreateAsync("/a");
        for (var i = 0; i < 50; i++)
        {
            var written = await writer.CallAsync(5, frame => frame.String("/a").Buffer([(byte)i]).Int(-1));
            await session.SendAsync(Confirm, frame => frame.String("/any"));
            await session.SendAsync(4, frame => frame.String("/a").Bool(false));
            var confirmed = await session.ReplyAsync();
            var read = await session.ReplyAsync();
            Assert.Equal((0, "/any"), (confirmed.Error, Text(confirmed.Body)));
            Assert.True(confirmed.Zxid >= written.Zxid && read.Zxid >= confirmed.Zxid);
            Assert.Equal((byte)i, read.Body[4]);
        }
    }

    [Fact]
    public async Task Only_who_asks_for_the_extensions_is_told_of_them()
    {
        foreach (var (asked, expected) in new[] { (0, 0), (1, 0), (0x5a616201, 0x5a616201), (0x5a616202, 0) })
        {
            await using var stream = await RawSession.DialAsync(_server.Endpoint);
            var request = Frame.Connect();
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(4), asked);
            await stream.WriteAsync(request);
            var answer = new byte[4 + 37];
            await stream.ReadExactlyAsync(answer);
            Assert.Equal(expected, BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4)));
        }
    }

    static Task<RawReply> AskPageAsync(RawSession session, string path, string? after, int limit)
        => session.CallAsync(GetChildrenPage, frame => frame.String(path).String(after).Int(limit));

    static async Task<(string Names, bool More)> PageAsync(RawSession session, string? after, int limit)
    {
        var reply = await AskPageAsync(session, "/p", after, limit);
        Assert.Equal(0, reply.Error);
        var names = new string[BinaryPrimitives.ReadInt32BigEndian(reply.Body)];
        var at = 4;
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Text(reply.Body.AsSpan(at));
            at += 4 + Encoding.UTF8.GetByteCount(names[i]);
        }
        Assert.Equal(4, BinaryPrimitives.ReadInt32BigEndian(reply.Body.AsSpan(at + 56))); // numChildren
        Assert.Equal(at + 68 + 1, reply.Body.Length);
        return (string.Join(' ', names), reply.Body[^1] != 0);
    }

    static async Task<(int Type, string Path, long Zxid)> EventAsync(RawSession session)
    {
        var told = (await session.NextAsync())!;
        Assert.Equal((-1, 0), (told.Xid, told.Error));
        return (BinaryPrimitives.ReadInt32BigEndian(told.Body), Text(told.Body.AsSpan(8)), told.Zxid);
    }

    static string Text(ReadOnlySpan<byte> field)
        => Encoding.UTF8.GetString(field.Slice(4, BinaryPrimitives.ReadInt32BigEndian(field)));
}
