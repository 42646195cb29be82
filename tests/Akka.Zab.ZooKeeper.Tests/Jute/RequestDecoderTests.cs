using Akka.Zab.Client;
using Akka.Zab.ZooKeeper.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Jute;

public class RequestDecoderTests
{
    readonly PendingShapes _shapes = new();

    Request Decode(Frame frame) => RequestDecoder.Decode(frame.Bytes, _shapes).Operation;

    ZabError ErrorOf(Frame frame) => Assert.IsType<Refused>(Decode(frame)).Error;

    [Fact]
    public void The_bytes_of_a_get_are_those_of_the_protocol()
    {
        byte[] golden = [0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 2, (byte)'/', (byte)'a', 1];
        var request = RequestDecoder.Decode(golden, _shapes);
        Assert.Equal(5, request.Xid);
        Assert.Equal(new GetData("/a", Watch: true), request.Operation);
        Assert.Equal(ReplyShape.Data, _shapes.Take());
    }

    [Fact]
    public void Each_read_becomes_its_request()
    {
        Assert.Equal(new Exists("/a", true), Decode(Frame.Request(1, 3).String("/a").Bool(true)));
        Assert.Equal(new GetChildren("/a"), Decode(Frame.Request(2, 8).String("/a").Bool(false)));
        Assert.Equal(new GetChildren("/a", true), Decode(Frame.Request(3, 12).String("/a").Bool(true)));
        Assert.Equal(ReplyShape.Stat, _shapes.Take());
        Assert.Equal(ReplyShape.Children, _shapes.Take());
        Assert.Equal(ReplyShape.ChildrenAndStat, _shapes.Take());
    }

    [Fact]
    public void Operations_that_ZooKeeper_does_not_have_are_as_the_README_says()
    {
        Assert.Equal(new TransferLeadership(3), Decode(Frame.Request(1, 1001).Int(3)));
        Assert.Equal(new GetChildrenPage("/a", "b", 7), Decode(Frame.Request(1, 1002).String("/a").String("b").Int(7)));
        Assert.Equal(new GetChildrenPage("/a", null, 1), Decode(Frame.Request(1, 1002).String("/a").String(null).Int(1)));
        Assert.Equal(
            new ResumeWatch("/a", AddWatchMode.PersistentRecursive, 0x100000007),
            Decode(Frame.Request(1, 1003).String("/a").Int(1).Long(0x100000007)));
        Assert.Equal(new Sync("/a") { Confirmed = true }, Decode(Frame.Request(1, 1004).String("/a")));
        foreach (var shape in new[] { ReplyShape.Bare, ReplyShape.ChildrenPage, ReplyShape.ChildrenPage, ReplyShape.Bare, ReplyShape.Path })
            Assert.Equal(shape, _shapes.Take());
        foreach (var type in new[] { 1001, 1002, 1003, 1004 })
        {
            // No server, no path.
            var frame = Frame.Request(1, type);
            Assert.Equal(ZabError.MarshallingError, ErrorOf(type == 1001 ? frame : frame.String(null).String(null).Long(0)));
        }
        Assert.Equal(ZabError.Unimplemented, ErrorOf(Frame.Request(1, 1005)));
    }

    [Theory]
    [InlineData(1, ReplyShape.Path)]
    [InlineData(15, ReplyShape.PathAndStat)]
    public void Create_and_create2_differ_in_their_reply_only(int type, object shape)
    {
        var create = Assert.IsType<Create>(Decode(Frame.Request(1, type).String("/ä").Buffer([1, 2]).OpenAcl().Int(3)));
        Assert.Equal("/ä", create.Path);
        Assert.Equal([1, 2], create.Data!);
        Assert.Same(Acl.Open, create.Acl);
        Assert.Equal(CreateMode.EphemeralSequential, create.Mode);
        Assert.Equal(shape, _shapes.Take());
    }

    [Fact]
    public void Null_data_and_empty_data_differ()
    {
        Assert.Null(Assert.IsType<SetData>(Decode(Frame.Request(1, 5).String("/a").Buffer(null).Int(-1))).Data);
        Assert.Empty(Assert.IsType<SetData>(Decode(Frame.Request(1, 5).String("/a").Buffer([]).Int(7))).Data!);
    }

    [Fact]
    public void Every_entry_of_an_acl_is_kept_and_a_null_acl_is_an_empty_one()
    {
        var create = Assert.IsType<Create>(Decode(
            Frame.Request(1, 1).String("/a").Buffer(null).Int(2).Int(1).String("world").String("anyone")
                .Int(31).String("digest").String("a:b").Int(0)));
        Assert.Equal(
            [new Acl(Permissions.Read, "world", "anyone"), new Acl(Permissions.All, "digest", "a:b")], create.Acl);

        create = Assert.IsType<Create>(Decode(Frame.Request(1, 1).String("/a").Buffer(null).Int(-1).Int(0)));
        Assert.Empty(create.Acl);
    }

    [Fact]
    public void Delete_sync_and_auth_become_their_requests()
    {
        Assert.Equal(new Delete("/a", 4), Decode(Frame.Request(1, 2).String("/a").Int(4)));
        Assert.Equal(new Sync("not a path"), Decode(Frame.Request(1, 9).String("not a path")));
        var auth = Assert.IsType<AddAuth>(
            Decode(Frame.Request(-4, 100).Int(0).String("digest").Buffer("u:p"u8.ToArray())));
        Assert.Equal("digest", auth.Scheme);
        Assert.Equal("u:p"u8.ToArray(), auth.Credentials);
        Assert.Equal(ReplyShape.Bare, _shapes.Take());
        Assert.Equal(ReplyShape.Path, _shapes.Take());
        Assert.Equal(ReplyShape.Auth, _shapes.Take());
    }

    [Fact]
    public void The_acl_operations_and_who_am_i_become_their_requests()
    {
        Assert.Equal(new GetAcl("/a"), Decode(Frame.Request(1, 6).String("/a")));
        var set = Assert.IsType<SetAcl>(Decode(Frame.Request(1, 7).String("/a").Int(1).Int(4).String("ip").String("::1").Int(9)));
        Assert.Equal(("/a", 9), (set.Path, set.Version));
        Assert.Equal([new Acl(Permissions.Create, "ip", "::1")], set.Acl);
        Assert.IsType<WhoAmI>(Decode(Frame.Request(1, 107)));
        Assert.Equal(ReplyShape.Acl, _shapes.Take());
        Assert.Equal(ReplyShape.Stat, _shapes.Take());
        Assert.Equal(ReplyShape.Identities, _shapes.Take());
    }

    [Fact]
    public void The_operations_on_watches_become_their_requests()
    {
        Assert.Equal(
            new AddWatch("/a", AddWatchMode.PersistentRecursive), Decode(Frame.Request(1, 106).String("/a").Int(1)));
        Assert.Equal(new RemoveWatches("/a", WatchType.Data), Decode(Frame.Request(1, 18).String("/a").Int(2)));
        Assert.Equal(new CheckWatches("/a", WatchType.Any), Decode(Frame.Request(1, 17).String("/a").Int(3)));
        var set = Assert.IsType<SetWatches>(Decode(
            Frame.Request(-8, 105).Long(9).Strings("/d").Strings("/e").Strings("/c").Strings("/p").Strings("/r")));
        Assert.Equal(["/d", "/e", "/c", "/p", "/r"], [.. set.Data, .. set.Exist, .. set.Children, .. set.Persistent, .. set.Recursive]);
        Assert.Equal(
            [ReplyShape.Zero, ReplyShape.Bare, ReplyShape.Bare, ReplyShape.Bare],
            Enumerable.Range(0, 4).Select(_ => _shapes.Take()).ToArray());
    }

    // Op code and flag: 4 is a container, 5 and 6 have a time to live. What does not go together becomes no mode at all.
    [Theory]
    [InlineData(1, 3, CreateMode.EphemeralSequential)]
    [InlineData(1, 4, (CreateMode)(-1))]
    [InlineData(15, 4, (CreateMode)(-1))]
    [InlineData(15, 5, CreateMode.PersistentWithTtl)]
    [InlineData(19, 4, CreateMode.Container)]
    [InlineData(19, 0, (CreateMode)(-1))]
    [InlineData(19, 5, (CreateMode)(-1))]
    [InlineData(21, 5, CreateMode.PersistentWithTtl)]
    [InlineData(21, 6, CreateMode.PersistentSequentialWithTtl)]
    [InlineData(21, 0, (CreateMode)(-1))]
    [InlineData(21, 4, (CreateMode)(-1))]
    public void The_flag_of_a_create_goes_with_its_operation(int type, int flag, CreateMode mode)
    {
        var create = Assert.IsType<Create>(Decode(
            Frame.Request(1, type).String("/a").Buffer([1]).OpenAcl().Int(flag).Long(99)));
        Assert.Equal(mode, create.Mode);
        Assert.Equal(type == 21 ? 99 : 0, create.TimeToLiveMs);
        Assert.Equal(type == 1 ? ReplyShape.Path : ReplyShape.PathAndStat, _shapes.Take());
    }

    [Fact]
    public void Containers_in_a_multi_are_answered_like_create2()
    {
        var multi = Assert.IsType<Multi>(Decode(Frame.Request(1, 14)
            .Op(19).String("/a").Buffer(null).OpenAcl().Int(4)
            .Op(21).String("/b").Buffer(null).OpenAcl().Int(5).Long(7).Done()));
        Assert.Equal(CreateMode.Container, Assert.IsType<Create>(multi.Operations[0]).Mode);
        Assert.Equal(7, Assert.IsType<Create>(multi.Operations[1]).TimeToLiveMs);
        Assert.Equal(ReplyShape.Multi, _shapes.Take());
        Assert.Equal(2, _shapes.TakeCount());
        Assert.Equal([OpCode.Create2, OpCode.Create2], Enumerable.Range(0, 2).Select(_ => _shapes.TakeType()).ToArray());
    }

    [Fact]
    public void The_rarer_reads_become_their_requests()
    {
        Assert.Equal(new GetEphemerals("/a"), Decode(Frame.Request(1, 103).String("/a")));
        Assert.Equal(new GetEphemerals(""), Decode(Frame.Request(1, 103).String(null)));
        Assert.Equal(new GetAllChildrenNumber("/a"), Decode(Frame.Request(1, 104).String("/a")));
        var reads = Assert.IsType<MultiRead>(Decode(
            Frame.Request(1, 22).Op(4).String("/a").Bool(false).Op(8).String("/b").Bool(false).Done()));
        Assert.Equal([new GetData("/a"), new GetChildren("/b")], reads.Operations);
        Assert.Equal(ReplyShape.Paths, _shapes.Take());
        Assert.Equal(ReplyShape.Paths, _shapes.Take());
        Assert.Equal(ReplyShape.Count, _shapes.Take());
        Assert.Equal(ReplyShape.Multi, _shapes.Take());
        Assert.Equal(2, _shapes.TakeCount());
        Assert.Equal([OpCode.GetData, OpCode.GetChildren], Enumerable.Range(0, 2).Select(_ => _shapes.TakeType()).ToArray());
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 22).Op(2).String("/a").Int(-1).Done()));
    }

    [Fact]
    public void SetWatches_keeps_its_three_lists_apart()
    {
        var set = Assert.IsType<SetWatches>(
            Decode(Frame.Request(-8, 101).Long(9).Strings("/d").Strings("/e", "/f").Int(-1)));
        Assert.Equal(9, set.SinceZxid);
        Assert.Equal(["/d"], set.Data);
        Assert.Equal(["/e", "/f"], set.Exist);
        Assert.Empty(set.Children);
    }

    [Fact]
    public void A_multi_keeps_order_and_kinds_of_its_operations()
    {
        var multi = Assert.IsType<Multi>(Decode(Frame.Request(1, 14)
            .Op(1).String("/a").Buffer([1]).OpenAcl().Int(0)
            .Op(15).String("/b").Buffer(null).OpenAcl().Int(0)
            .Op(5).String("/c").Buffer([2]).Int(3)
            .Op(2).String("/d").Int(-1)
            .Op(13).String("/e").Int(8)
            .Done()));
        Assert.Equal(
            [typeof(Create), typeof(Create), typeof(SetData), typeof(Delete), typeof(Check)],
            multi.Operations.Select(operation => operation.GetType()));
        Assert.Equal(new Check("/e", 8), multi.Operations[4]);

        Assert.Equal(ReplyShape.Multi, _shapes.Take());
        Assert.Equal(5, _shapes.TakeCount());
        Assert.Equal(
            [OpCode.Create, OpCode.Create2, OpCode.SetData, OpCode.Delete, OpCode.Check],
            Enumerable.Range(0, 5).Select(_ => _shapes.TakeType()).ToArray());
        Assert.True(_shapes.IsEmpty);
    }

    [Fact]
    public void A_multi_may_be_empty()
        => Assert.Empty(Assert.IsType<Multi>(Decode(Frame.Request(1, 14).Done())).Operations);

    [Fact]
    public void A_multi_that_holds_a_read_or_has_no_end_is_malformed()
    {
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 14).Op(4).String("/a").Bool(false).Done()));
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 14).Op(2).String("/a").Int(-1)));
        Assert.Equal(ReplyShape.Bare, _shapes.Take());
        Assert.Equal(ReplyShape.Bare, _shapes.Take());
        Assert.True(_shapes.IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(22)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(103)]
    [InlineData(105)]
    [InlineData(106)]
    public void A_body_that_ends_too_soon_is_malformed_at_every_length(int type)
    {
        var whole = type switch
        {
            1 or 15 => Frame.Request(1, type).String("/a").Buffer([1]).Int(1).Int(1).String("x").String("y").Int(0),
            2 => Frame.Request(1, type).String("/a").Int(0),
            5 => Frame.Request(1, type).String("/a").Buffer([1]).Int(0),
            6 => Frame.Request(1, type).String("/a"),
            7 => Frame.Request(1, type).String("/a").Int(1).Int(1).String("x").String("y").Int(0),
            9 => Frame.Request(1, type).String("/a"),
            14 => Frame.Request(1, type).Op(2).String("/a").Int(-1).Done(),
            17 or 106 => Frame.Request(1, type).String("/a").Int(1),
            22 => Frame.Request(1, type).Op(4).String("/a").Bool(false).Done(),
            103 => Frame.Request(1, type).String("/a"),
            105 => Frame.Request(1, type).Long(0).Strings("/a").Strings().Strings().Strings("/b").Strings("/c"),
            100 => Frame.Request(1, type).Int(0).String("digest").Buffer([1]),
            101 => Frame.Request(1, type).Long(0).Strings("/a").Strings("/b").Strings("/c"),
            _ => Frame.Request(1, type).String("/a").Bool(true),
        };
        var bytes = whole.Bytes;
        Assert.IsNotType<Refused>(RequestDecoder.Decode(bytes, _shapes).Operation);
        for (var length = RequestDecoder.HeaderSize; length < bytes.Length; length++)
        {
            var cut = RequestDecoder.Decode(bytes.AsSpan(0, length), _shapes).Operation;
            Assert.Equal(ZabError.MarshallingError, Assert.IsType<Refused>(cut).Error);
        }
    }

    [Fact]
    public void A_reconfig_is_decoded_with_whatever_of_it_is_null()
    {
        Assert.Equal(
            new Reconfigure("server.4=d:1:2", null, null, 0x100000001),
            Decode(Frame.Request(1, 16).String("server.4=d:1:2").String(null).String(null).Long(0x100000001)));
        Assert.Equal(ReplyShape.Data, _shapes.Take());
        Assert.Equal(
            new Reconfigure(null, "3", "server.1=a:1:2", -1),
            Decode(Frame.Request(1, 16).String(null).String("3").String("server.1=a:1:2").Long(-1)));
        Assert.Equal(ReplyShape.Data, _shapes.Take());
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 16).String(null).String(null)));
    }

    [Fact]
    public void The_operation_of_our_own_to_hand_over_is_decoded()
    {
        Assert.Equal(new TransferLeadership(3), Decode(Frame.Request(1, 1001).Int(3)));
        Assert.Equal(ReplyShape.Bare, _shapes.Take());
    }

    [Fact]
    public void A_null_path_a_negative_length_and_an_impossible_count_are_malformed()
    {
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 4).String(null).Bool(false)));
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 4).Int(-2).Bool(false)));
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 4).Int(int.MaxValue).Bool(false)));
        Assert.Equal(ZabError.MarshallingError, ErrorOf(Frame.Request(1, 101).Long(0).Int(int.MaxValue).Int(0).Int(0)));
        Assert.Equal(
            ZabError.MarshallingError, ErrorOf(Frame.Request(1, 1).String("/a").Buffer(null).Int(int.MaxValue)));
    }

    [Fact]
    public void Sasl_carries_a_token_and_the_connection_goes_on()
    {
        var request = Decode(Frame.Request(1, 102).Buffer([1, 2]));
        Assert.Equal([1, 2], Assert.IsType<SaslLogin>(request).Token);
        Assert.False(RequestDecoder.IsLast(request));
        Assert.Equal(ReplyShape.Token, _shapes.Take());
        Assert.Empty(Assert.IsType<SaslLogin>(Decode(Frame.Request(1, 102).Buffer(null))).Token);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(20)]
    [InlineData(-1)]
    [InlineData(-10)]
    [InlineData(999)]
    public void What_only_servers_say_and_what_nobody_says_ends_the_connection(int type)
    {
        var request = Decode(Frame.Request(1, type));
        Assert.Equal(ZabError.Unimplemented, Assert.IsType<Refused>(request).Error);
        Assert.True(RequestDecoder.IsLast(request));
        Assert.Equal(ReplyShape.UnknownOperation, _shapes.Take());
    }

    [Fact]
    public void Bytes_after_the_last_field_are_ignored()
        => Assert.Equal(new GetData("/a"), Decode(Frame.Request(1, 4).String("/a").Bool(false).Long(77)));

    [Fact]
    public void The_shapes_of_replies_keep_their_order_however_many_there_are()
    {
        var added = new Queue<ReplyShape>();
        var random = new Random(5);
        for (var i = 0; i < 10_000; i++)
        {
            var shape = (ReplyShape)random.Next((int)ReplyShape.Multi);
            _shapes.Add(shape);
            added.Enqueue(shape);
            while (added.Count > 0 && random.Next(3) == 0) Assert.Equal(added.Dequeue(), _shapes.Take());
        }
        while (added.Count > 0) Assert.Equal(added.Dequeue(), _shapes.Take());
        Assert.True(_shapes.IsEmpty);
    }
}
