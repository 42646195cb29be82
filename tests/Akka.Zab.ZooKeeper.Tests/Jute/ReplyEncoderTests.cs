using System.Buffers;
using Akka.Zab.Client;
using Akka.Zab.ZooKeeper.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Jute;

public class ReplyEncoderTests
{
    static readonly Stat _stat = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    static Frame StatOf(Frame frame)
        => frame.Long(1).Long(2).Long(3).Long(4).Int(5).Int(6).Int(7).Long(8).Int(9).Int(10).Long(11);

    static Frame Header(int xid, long zxid, int error) => new Frame().Int(xid).Long(zxid).Int(error);

    static byte[] Encode(
        ReplyShape shape, IZabMessage content, out AfterReply after, int xid = 7, long zxid = 0x100000002)
    {
        var shapes = new PendingShapes();
        shapes.Add(shape);
        return Encode(shapes, content, out after, xid, zxid);
    }

    static byte[] Encode(
        PendingShapes shapes, IZabMessage content, out AfterReply after, int xid = 7, long zxid = 0x100000002,
        int maxReply = int.MaxValue)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(output);
        after = new ReplyEncoder(maxReply).Encode(ref writer, new ClientOutput(xid, zxid, content), shapes);
        writer.Flush();
        Assert.Equal(output.WrittenCount, writer.Written);
        return output.WrittenSpan.ToArray();
    }

    static void Is(Frame expected, ReplyShape shape, IZabMessage content)
    {
        Assert.Equal(expected.WithLength(), Encode(shape, content, out var after));
        Assert.Equal(AfterReply.GoOn, after);
    }

    [Fact]
    public void The_bytes_of_a_reply_to_exists_are_those_of_the_protocol()
    {
        byte[] golden =
        [
            0, 0, 0, 84, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4,
            0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8,
            0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 11,
        ];
        Assert.Equal(golden, Encode(ReplyShape.Stat, new StatReply(_stat), out _));
    }

    [Fact]
    public void Every_reply_has_its_layout()
    {
        var ok = () => Header(7, 0x100000002, 0);
        Is(ok(), ReplyShape.Bare, DoneReply.Instance);
        Is(ok().String("/ä"), ReplyShape.Path, new CreatedReply("/ä", _stat));
        Is(StatOf(ok().Strings("a", "ä")).Bool(true), ReplyShape.ChildrenPage, new ChildrenPageReply(["a", "ä"], _stat, true));
        Is(StatOf(ok().Strings()).Bool(false), ReplyShape.ChildrenPage, new ChildrenPageReply([], _stat, false));
        Is(StatOf(ok().String("/ä")), ReplyShape.PathAndStat, new CreatedReply("/ä", _stat));
        Is(StatOf(ok().Buffer([1, 2, 3])), ReplyShape.Data, new DataReply([1, 2, 3], _stat));
        Is(StatOf(ok().Buffer([])), ReplyShape.Data, new DataReply([], _stat));
        Is(StatOf(ok().Buffer(null)), ReplyShape.Data, new DataReply(null, _stat));
        Is(ok().Strings("a", "ö"), ReplyShape.Children, new ChildrenReply(["a", "ö"], _stat));
        Is(StatOf(ok().Strings("a", "ö")), ReplyShape.ChildrenAndStat, new ChildrenReply(["a", "ö"], _stat));
        Is(ok().String("/s"), ReplyShape.Path, new SyncReply("/s"));
        Is(
            StatOf(ok().Int(2).Int(1).String("world").String("anyone").Int(31).String("digest").String("ä:b")), ReplyShape.Acl,
            new AclReply([new Acl(Permissions.Read, "world", "anyone"), new Acl(Permissions.All, "digest", "ä:b")], _stat));
        Is(ok().Int(42), ReplyShape.Count, new CountReply(42));
        Is(ok().Int(0), ReplyShape.Zero, DoneReply.Instance);
        Is(ok().Strings("/a", "/ö"), ReplyShape.Paths, new PathsReply(["/a", "/ö"]));
        Is(ok().Int(1).String("ip").String("::1"), ReplyShape.Identities, new WhoAmIReply([new Identity("ip", "::1")]));
    }

    [Fact]
    public void Several_reads_have_a_result_each_and_those_of_children_no_stat()
    {
        var shapes = new PendingShapes();
        shapes.AddMulti([OpCode.GetData, OpCode.GetChildren, OpCode.GetData]);
        var reply = new MultiReply([new DataReply([1], _stat), new ChildrenReply(["a"], _stat), new ErrorReply(ZabError.NoAuth)]);
        var expected = StatOf(Header(7, 0x100000002, 0).Int(4).Bool(false).Int(0).Buffer([1]))
            .Int(8).Bool(false).Int(0).Strings("a")
            .Int(-1).Bool(false).Int(-102).Int(-102)
            .Int(-1).Bool(true).Int(-1);
        Assert.Equal(expected.WithLength(), Encode(shapes, reply, out _));
    }

    [Theory]
    [InlineData(ReplyShape.Bare)]
    [InlineData(ReplyShape.Path)]
    [InlineData(ReplyShape.Data)]
    [InlineData(ReplyShape.Children)]
    public void An_error_is_a_header_and_nothing_else(object shape)
        => Is(Header(7, 0x100000002, -101), (ReplyShape)shape, new ErrorReply(ZabError.NoNode));

    [Fact]
    public void The_reply_to_a_ping_has_the_xid_of_pings_whatever_was_asked()
        => Is(Header(-2, 0x100000002, 0), ReplyShape.Ping, DoneReply.Instance);

    [Fact]
    public void An_event_has_xid_minus_one_its_own_zxid_and_the_state_connected()
    {
        var expected = Header(-1, 99, 0).Int(4).Int(3).String("/p").WithLength();
        var shapes = new PendingShapes();
        Assert.Equal(expected, Encode(shapes, new WatchEvent(WatchEventType.NodeChildrenChanged, "/p", 99), out _, -1));
    }

    [Fact]
    public void The_reply_to_auth_has_zxid_0_and_after_a_refusal_the_connection_ends()
    {
        Assert.Equal(Header(-4, 0, 0).WithLength(), Encode(ReplyShape.Auth, DoneReply.Instance, out var after, -4));
        Assert.Equal(AfterReply.GoOn, after);
        var refusal = new ErrorReply(ZabError.AuthFailed);
        Assert.Equal(Header(-4, 0, -115).WithLength(), Encode(ReplyShape.Auth, refusal, out after, -4));
        Assert.Equal(AfterReply.Close, after);
    }

    [Fact]
    public void After_closing_the_session_and_after_an_unknown_operation_the_connection_ends()
    {
        Assert.Equal(
            Header(7, 0x100000002, 0).WithLength(), Encode(ReplyShape.Close, DoneReply.Instance, out var after));
        Assert.Equal(AfterReply.Close, after);
        var unknown = new ErrorReply(ZabError.Unimplemented);
        Assert.Equal(Header(7, -1, -6).WithLength(), Encode(ReplyShape.UnknownOperation, unknown, out after));
        Assert.Equal(AfterReply.Close, after);
    }

    static PendingShapes MultiOf(params OpCode[] types)
    {
        var shapes = new PendingShapes();
        shapes.AddMulti([.. types]);
        return shapes;
    }

    [Fact]
    public void A_multi_answers_each_operation_in_its_own_type()
    {
        var reply = new MultiReply([
            new CreatedReply("/a", _stat), new CreatedReply("/b", _stat),
            DoneReply.Instance, new StatReply(_stat), DoneReply.Instance]);
        var expected = Header(7, 5, 0).Int(1).Bool(false).Int(0).String("/a");
        StatOf(expected.Int(15).Bool(false).Int(0).String("/b"));
        StatOf(expected.Int(2).Bool(false).Int(0).Int(5).Bool(false).Int(0));
        expected.Int(13).Bool(false).Int(0).Int(-1).Bool(true).Int(-1);

        var shapes = MultiOf(OpCode.Create, OpCode.Create2, OpCode.Delete, OpCode.SetData, OpCode.Check);
        Assert.Equal(expected.WithLength(), Encode(shapes, reply, out _, zxid: 5));
        Assert.True(shapes.IsEmpty);
    }

    [Fact]
    public void A_multi_that_failed_has_no_error_in_its_header_and_one_in_each_result()
    {
        var reply = new MultiReply(
            [
                new ErrorReply(ZabError.Ok), new ErrorReply(ZabError.NoNode),
                new ErrorReply(ZabError.RuntimeInconsistency),
            ],
            ZabError.NoNode);
        var expected = Header(7, 5, 0);
        foreach (var code in new[] { 0, -101, -2 }) expected.Int(-1).Bool(false).Int(code).Int(code);
        expected.Int(-1).Bool(true).Int(-1);
        var shapes = MultiOf(OpCode.Create, OpCode.Delete, OpCode.Check);
        Assert.Equal(expected.WithLength(), Encode(shapes, reply, out _, zxid: 5));
    }

    [Fact]
    public void A_multi_that_was_not_even_judged_is_an_error_and_leaves_the_next_reply_alone()
    {
        var shapes = MultiOf(OpCode.Create, OpCode.Delete);
        shapes.Add(ReplyShape.Ping);
        Assert.Equal(
            Header(7, 5, -112).WithLength(), Encode(shapes, new ErrorReply(ZabError.SessionExpired), out _, zxid: 5));
        Assert.Equal(ReplyShape.Ping, shapes.Take());
    }

    [Fact]
    public void A_reply_of_the_wrong_kind_is_a_fault()
    {
        Assert.Throws<InvalidOperationException>(() => Encode(ReplyShape.Data, new StatReply(_stat), out _));
        Assert.Throws<InvalidOperationException>(() => Encode(MultiOf(OpCode.Delete), new MultiReply([]), out _));
    }

    [Fact]
    public void Frames_follow_each_other_across_the_pieces_of_the_buffer()
    {
        var shapes = new PendingShapes();
        var output = new ArrayBufferWriter<byte>(16);
        var writer = new JuteWriter(output);
        var expected = new List<byte>();
        for (var i = 0; i < 1000; i++)
        {
            shapes.Add(ReplyShape.Data);
            var data = new byte[i * 13 % 9000];
            new ReplyEncoder().Encode(ref writer, new ClientOutput(i, i, new DataReply(data, _stat)), shapes);
            expected.AddRange(StatOf(Header(i, i, 0).Buffer(data)).WithLength());
        }
        writer.Flush();
        Assert.Equal(expected, output.WrittenSpan.ToArray());
    }

    public static TheoryData<int, object> Reads => new()
    {
        { (int)ReplyShape.Data, new DataReply(new byte[100], _stat) },
        { (int)ReplyShape.Children, new ChildrenReply(["a", new string('b', 90)], _stat) },
        { (int)ReplyShape.ChildrenAndStat, new ChildrenReply(["a", new string('b', 90)], _stat) },
        { (int)ReplyShape.Paths, new PathsReply([new string('b', 150)]) },
        { (int)ReplyShape.Acl, new AclReply([new Acl(Permissions.Read, "digest", new string('x', 80))], _stat) },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public void A_reply_to_a_read_that_is_too_long_is_an_error_and_the_next_is_none(int asked, object reply)
    {
        var (content, shape) = ((IZabMessage)reply, (ReplyShape)asked);
        var shapes = new PendingShapes();
        shapes.Add(shape);
        shapes.Add(shape);
        var whole = ReplySize.Header + ReplySize.OfBody(content);
        Assert.Equal(
            Header(7, 0x100000002, -5).WithLength(), Encode(shapes, content, out var after, maxReply: whole - 1));
        Assert.Equal(AfterReply.GoOn, after);
        var fits = Encode(shapes, content, out _, maxReply: whole);
        Assert.InRange(fits.Length - sizeof(int), 100, whole);
    }

    [Fact]
    public void What_a_write_has_done_is_told_at_any_length()
    {
        var shapes = new PendingShapes();
        shapes.AddMulti([OpCode.SetData, OpCode.SetData]);
        var whole = Encode(
            shapes, new MultiReply([new StatReply(_stat), new StatReply(_stat)]), out _, maxReply: 50);
        Assert.True(whole.Length > 150);
        shapes.AddMulti([OpCode.GetData, OpCode.GetData]);
        shapes.Add(ReplyShape.Bare);
        var data = new DataReply(new byte[10], _stat);
        Assert.Equal(
            Header(7, 0x100000002, -5).WithLength(),
            Encode(shapes, new MultiReply([data, data]), out _, maxReply: 50));
        Assert.Equal(Header(7, 0x100000002, 0).WithLength(), Encode(shapes, DoneReply.Instance, out _));
    }

    [Fact]
    public void Children_in_the_trees_own_form_are_written_like_any_others()
    {
        var tree = Akka.Zab.Tree.ZnodeTree.Empty.Edit();
        var names = Enumerable.Range(0, 1000).Select(i => $"n\u00e4me-{i:D4}").ToArray();
        var zxid = 0L;
        foreach (var name in names)
        {
            var create = new Akka.Zab.Tree.CreateTxn("/" + name, null, Acl.Open, 0, (int)zxid + 1);
            tree.Apply(new Akka.Zab.Tree.LoggedTxn(new Akka.Zab.Tree.TxnHeader(++zxid, 1, 1, 1), create));
        }
        var reply = Assert.IsType<ChildrenReply>(tree.Commit().Read(new GetChildren("/")));
        Assert.IsType<Akka.Zab.Tree.ChildNames>(reply.Names);
        string[] all = [.. names, "zookeeper"];
        Assert.Equal(all, reply.Names);
        Assert.Equal(
            Encode(ReplyShape.ChildrenAndStat, reply with { Names = all }, out _),
            Encode(ReplyShape.ChildrenAndStat, reply, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(131)]
    public void Data_in_the_trees_own_form_is_written_like_any_other(int length)
    {
        var tree = Akka.Zab.Tree.ZnodeTree.Empty.Edit();
        var data = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        tree.Apply(new Akka.Zab.Tree.LoggedTxn(
            new Akka.Zab.Tree.TxnHeader(1, 1, 1, 1), new Akka.Zab.Tree.CreateTxn("/n", data, Acl.Open, 0, 1)));
        var reply = Assert.IsType<DataReply>(tree.Commit().Read(new GetData("/n")));
        Assert.True(reply.IsInPlace);
        Assert.Equal(data, reply.Data);
        var own = reply with { Data = data };
        Assert.False(own.IsInPlace);
        Assert.Equal(Encode(ReplyShape.Data, own, out _), Encode(ReplyShape.Data, reply, out _));
    }

    // ZOOKEEPER-PROTOCOL.md, sections 3, 4 and 9.
    [Fact]
    public void Sasl_is_answered_with_a_token_or_none()
    {
        Is(Header(7, 0, 0).Int(-1), ReplyShape.Token, new SaslReply(null));
        Is(Header(7, 0, 0).Buffer([1, 2, 3]), ReplyShape.Token, new SaslReply([1, 2, 3]));
    }

    [Theory]
    [InlineData(ZabError.AuthFailed)]
    [InlineData(ZabError.SessionClosedRequireAuth)]
    public void A_refused_login_has_no_token_and_ends_the_connection(ZabError error)
    {
        Assert.Equal(
            Header(7, 0, (int)error).Int(-1).WithLength(),
            Encode(ReplyShape.Token, new ErrorReply(error), out var after));
        Assert.Equal(AfterReply.Close, after);
    }
}
