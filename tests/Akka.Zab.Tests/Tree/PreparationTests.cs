using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>
/// ZOOKEEPER-PROTOCOL.md, sections 4, 6 and 11: which error a request gets when several are due, and multi.
/// </summary>
public class PreparationTests
{
    private static readonly Acl[] Illegal = [new Acl(Permissions.All, "world", "someone")];

    private readonly Edits edits = new();

    public PreparationTests()
    {
        edits.Create("/a");
        edits.Create("/a/b");
        edits.Create("/e", CreateMode.Ephemeral);
    }

    // Each row breaks its own rule and all the later ones that it can.
    [Theory]
    [InlineData("nowhere/at all", 7, false, ZabError.BadArguments)]
    [InlineData("nowhere", (int)CreateMode.PersistentWithTtl, false, ZabError.Unimplemented)]
    [InlineData("nowhere", 0, false, ZabError.BadArguments)]
    [InlineData("/x/\0", 0, false, ZabError.BadArguments)]
    [InlineData("/x//", 0, false, ZabError.InvalidAcl)]
    [InlineData("/x//", 0, true, ZabError.NoNode)]
    [InlineData("/x/", 0, true, ZabError.NoNode)]
    [InlineData("x/y", 0, true, ZabError.NoNode)]
    [InlineData("/zookeeper/config//", 0, true, ZabError.NoNode)]
    [InlineData("/zookeeper/config/", 0, true, ZabError.NoAuth)]
    [InlineData("/e/", 0, true, ZabError.BadArguments)]
    [InlineData("/e/.", 0, true, ZabError.BadArguments)]
    [InlineData("/a/b", 0, true, ZabError.NodeExists)]
    [InlineData("/", 0, true, ZabError.NodeExists)]
    [InlineData("/e/x", 0, true, ZabError.NoChildrenForEphemerals)]
    [InlineData("/e/x", 3, true, ZabError.NoChildrenForEphemerals)]
    public void Create_checks_in_this_order(string path, int mode, bool openAcl, ZabError expected) =>
        Assert.Equal(expected, edits.Fail(new Create(path, null, openAcl ? Acl.Open : Illegal, (CreateMode)mode)));

    [Theory]
    [InlineData("/", 7, ZabError.BadArguments)]
    [InlineData("/zookeeper", 7, ZabError.BadArguments)]
    [InlineData("/zookeeper/quota", 7, ZabError.BadArguments)]
    [InlineData("/zookeeper/config", 7, ZabError.BadArguments)]
    [InlineData("a", 7, ZabError.BadArguments)]
    [InlineData("/x/y", 7, ZabError.NoNode)]
    [InlineData("/a/", 7, ZabError.NoNode)]
    [InlineData("/zookeeper/config/x", 7, ZabError.NoAuth)]
    [InlineData("/a/x", 7, ZabError.NoNode)]
    [InlineData("/a", 7, ZabError.BadVersion)]
    [InlineData("/a", 0, ZabError.NotEmpty)]
    public void Delete_checks_in_this_order(string path, int version, ZabError expected) =>
        Assert.Equal(expected, edits.Fail(new Delete(path, version)));

    [Theory]
    [InlineData("/x/", 7, ZabError.BadArguments)]
    [InlineData("", 7, ZabError.BadArguments)]
    [InlineData("/x", 7, ZabError.NoNode)]
    [InlineData("/zookeeper/config", 7, ZabError.NoAuth)]
    [InlineData("/a", 7, ZabError.BadVersion)]
    public void SetData_checks_in_this_order(string path, int version, ZabError expected) =>
        Assert.Equal(expected, edits.Fail(new SetData(path, null, version)));

    [Fact]
    public void A_path_that_is_null_cannot_have_been_parsed()
    {
        Assert.Equal(ZabError.MarshallingError, edits.Fail(new Create(null!, null, Acl.Open)));
        Assert.Equal(ZabError.MarshallingError, edits.Fail(new Delete(null!)));
        Assert.Equal(ZabError.MarshallingError, edits.Fail(new SetData(null!, null)));
    }

    [Fact]
    public void An_empty_acl_is_invalid_and_the_open_one_may_be_said_twice()
    {
        Assert.Equal(ZabError.InvalidAcl, edits.Fail(new Create("/x", null, [])));
        Assert.Equal(ZabError.InvalidAcl, edits.Fail(new Create("/x", null, null!)));
        Assert.IsType<CreatedReply>(edits.Ask(new Create("/x", null, [.. Acl.Open, .. Acl.Open])));
    }

    [Fact]
    public void Check_alone_is_not_an_operation()
    {
        Assert.Equal(ZabError.Unimplemented, edits.Fail(new Client.Check("/a")));
    }

    [Fact]
    public void A_session_that_is_not_open_changes_nothing()
    {
        WriteRequest[] requests =
            [new Create("/x", null, Acl.Open), new Delete("/a/b"), new Multi([]), new CloseSession()];
        foreach (var request in requests)
            Assert.Equal(ZabError.SessionExpired, edits.Fail(request, session: 99));
        edits.Ask(new CloseSession());
        Assert.Equal(ZabError.SessionExpired, edits.Fail(new SetData("/a", null)));
    }

    [Fact]
    public void A_request_that_fails_takes_no_zxid_and_makes_no_transaction()
    {
        var zxid = edits.Zxid;
        edits.Fail(new Delete("/a"));
        edits.Ask(new Multi([new Delete("/a/b"), new Delete("/x")]));
        Assert.Equal(zxid, edits.Zxid);
        Assert.Equal(zxid, edits.Tree.LastZxid);
    }

    [Fact]
    public void The_suffix_counts_every_child_there_ever_was()
    {
        edits.Create("/s");
        Assert.Equal("/s/n0000000000", edits.CreateSequential("/s/n"));
        edits.Create("/s/plain");
        edits.Ask(new Delete("/s/plain"));
        edits.Fail(new Create("/s/n0000000000", null, Acl.Open));
        Assert.Equal("/s/n0000000002", edits.CreateSequential("/s/n", CreateMode.EphemeralSequential));
        Assert.Equal("/s/0000000003", edits.CreateSequential("/s/"));
    }

    [Fact]
    public void The_suffix_goes_on_below_zero_when_the_counter_wraps_around()
    {
        edits.Create("/s");
        var header = new TxnHeader(edits.Zxid + 1, 0, Edits.Session, 0);
        edits.Edit.ApplyPart(header, new CreateTxn("/s/x", null, Acl.Open, 0, int.MaxValue));
        Assert.Equal("/s/n2147483647", edits.CreateSequential("/s/n"));
        Assert.Equal("/s/n-2147483648", edits.CreateSequential("/s/n"));
    }

    [Fact]
    public void A_failed_multi_says_which_operation_failed_and_gives_counters_back()
    {
        edits.Create("/s");
        var failed = Assert.IsType<MultiReply>(edits.Ask(new Multi(
        [
            new Create("/s/n", null, Acl.Open, CreateMode.PersistentSequential), new SetData("/s/n0000000000", [1], 0),
            new Delete("/x"), new Delete("/y"),
        ])));
        Assert.Equal(ZabError.NoNode, failed.Error);
        Assert.Equal(
            [ZabError.Ok, ZabError.Ok, ZabError.NoNode, ZabError.RuntimeInconsistency],
            failed.Results.Select(r => Assert.IsType<ErrorReply>(r).Error));
        Assert.Equal(0, edits.StatOf("/s").ChildrenVersion);
        Assert.Equal("/s/n0000000000", edits.CreateSequential("/s/n"));
    }

    [Fact]
    public void An_operation_of_a_multi_is_judged_by_what_those_before_it_did_to_the_same_znode()
    {
        edits.Create("/s");
        Assert.Equal(ZabError.Ok, Error(new SetData("/s", [1], 0), new Client.Check("/s", 1), new SetData("/s", [2], 1)));
        Assert.Equal(ZabError.BadVersion, Error(new SetData("/s", [1], 2), new SetData("/s", [1], 2)));
        Assert.Equal(ZabError.BadVersion, Error(new SetData("/s", [1], 2), new Client.Check("/s", 2)));
        Assert.Equal(2, edits.StatOf("/s").Version);

        ZabError Error(params WriteRequest[] operations) => ((MultiReply)edits.Ask(new Multi(operations))).Error;
    }

    [Fact]
    public void A_znode_that_is_removed_and_made_again_has_none_of_the_children_that_it_had()
    {
        edits.Create("/s");
        for (var round = 0; round < 2; round++)
        {
            edits.Create("/s/p");
            edits.Create("/s/p/c");
            edits.Ask(new SetData("/s/p/c", [1]));
            edits.Ask(new Delete("/s/p/c"));
            edits.Ask(new Delete("/s/p"));
            Assert.Equal(ZabError.NoNode, edits.Fail(new SetData("/s/p/c", [2])));
            Assert.Equal(ZabError.NoNode, edits.Fail(new Create("/s/p/c", null, Acl.Open)));
        }

        Assert.Equal(0, edits.StatOf("/s").ChildCount);
    }

    [Fact]
    public void A_failed_multi_leaves_nothing_where_the_next_change_looks_first()
    {
        edits.Create("/s");
        edits.Create("/s/a");
        edits.Ask(new SetData("/s/a", [1]));
        var failed = (MultiReply)edits.Ask(new Multi(
            [new Create("/s/b", null, Acl.Open), new SetData("/s/b", [9]), new SetData("/s/a", [9]), new Delete("/x")]));
        Assert.Equal(ZabError.NoNode, failed.Error);
        edits.Ask(new SetData("/s/a", [2]));
        Assert.Equal(ZabError.NoNode, edits.Fail(new SetData("/s/b", [3])));
        Assert.Equal([2], ((DataReply)edits.Tree.Read(new GetData("/s/a"))).Data!);
        Assert.Equal(2, edits.StatOf("/s/a").Version);
    }

    [Fact]
    public void Many_sets_of_one_multi_are_judged_as_few_are()
    {
        edits.Create("/s");
        for (var i = 0; i < 40; i++)
            edits.Create($"/s/{i}");
        foreach (var count in (int[])[2, 40])
        {
            WriteRequest[] sets = [.. Enumerable.Range(0, count).Select(i => new SetData($"/s/{i}", [1]))];
            Assert.Equal(ZabError.Ok, ((MultiReply)edits.Ask(new Multi(sets))).Error);
            var before = edits.Tree.Digest();
            sets[^1] = new SetData($"/s/{count - 1}", [1], 77);
            var failed = (MultiReply)edits.Ask(new Multi(sets));
            Assert.Equal(ZabError.BadVersion, Assert.IsType<ErrorReply>(failed.Results[^1]).Error);
            Assert.Equal(before, edits.Tree.Digest());
        }

        Assert.Equal(2, edits.StatOf("/s/0").Version);
    }

    [Fact]
    public void A_multi_that_holds_has_an_answer_for_each_operation_and_one_zxid()
    {
        var zxid = edits.Zxid + 1;
        var reply = Assert.IsType<MultiReply>(edits.Ask(new Multi(
        [
            new Create("/m", [1], Acl.Open), new SetData("/m", [1, 2], 0), new Client.Check("/m", 1),
            new Create("/m/c", null, Acl.Open), new Delete("/m/c"),
        ])));
        Assert.Equal(ZabError.Ok, reply.Error);
        Assert.Equal("/m", Assert.IsType<CreatedReply>(reply.Results[0]).Path);
        Assert.Equal(2, Assert.IsType<StatReply>(reply.Results[1]).Stat.DataLength);
        Assert.IsType<DoneReply>(reply.Results[2]);
        Assert.IsType<CreatedReply>(reply.Results[3]);
        Assert.IsType<DoneReply>(reply.Results[4]);
        var stat = edits.StatOf("/m");
        Assert.Equal((zxid, zxid, zxid), (stat.CreatedZxid, stat.ModifiedZxid, stat.ChildrenZxid));
        Assert.Equal((1, 2), (stat.Version, stat.ChildrenVersion));
    }

    [Fact]
    public void An_empty_multi_succeeds_as_a_transaction()
    {
        var zxid = edits.Zxid;
        Assert.Empty(Assert.IsType<MultiReply>(edits.Ask(new Multi([]))).Results);
        Assert.Equal(zxid + 1, edits.Tree.LastZxid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_multi_with_an_operation_that_may_not_stand_in_one_cannot_be_parsed(bool nested)
    {
        WriteRequest alien = nested ? new Multi([]) : new CloseSession();
        Assert.Equal(ZabError.MarshallingError, edits.Fail(new Multi([new Delete("/x"), alien])));
    }

    [Fact]
    public void To_close_a_session_deletes_its_ephemerals_in_order_and_nothing_else()
    {
        edits.Create("/a/e2", CreateMode.Ephemeral);
        edits.Create("/a/e1", CreateMode.Ephemeral);
        edits.Ask(new OpenSession(2, [], 1));
        edits.Create("/other", CreateMode.Ephemeral, session: 2);
        Assert.IsType<DoneReply>(edits.Ask(new CloseSession()));
        Assert.Equal(["/a/e1", "/a/e2", "/e"], Assert.IsType<CloseSessionTxn>(edits.Log[^1].Body).Ephemerals);
        Assert.False(edits.Tree.TryGet("/e", out _));
        Assert.True(edits.Tree.TryGet("/a/b", out _));
        Assert.Equal(["/other"], edits.Tree.EphemeralsOf(2));
        Assert.Equal([2L], edits.Tree.Sessions.Select(s => s.Key));
        Assert.Equal(1, edits.Tree.EphemeralCount);
    }

    [Fact]
    public void A_session_id_that_is_in_use_is_not_given_to_another()
    {
        Assert.Equal(ZabError.SessionExpired, edits.Fail(new OpenSession(Edits.Session, [9], 1)));
        Assert.IsType<SessionReply>(edits.Ask(new OpenSession(Edits.Session, [1, 2, 3], 4000)));
        Assert.Equal(["/e"], edits.Tree.EphemeralsOf(Edits.Session));
    }

    [Fact]
    public void The_version_after_minus_two_is_zero()
    {
        var header = new TxnHeader(edits.Zxid + 1, 0, Edits.Session, 0);
        edits.Edit.ApplyPart(header, new SetDataTxn("/a", null, int.MaxValue));
        Assert.Equal(int.MinValue, Assert.IsType<StatReply>(edits.Ask(new SetData("/a", null))).Stat.Version);
        edits.Edit.ApplyPart(header, new SetDataTxn("/a", null, -2));
        Assert.Equal(0, Assert.IsType<StatReply>(edits.Ask(new SetData("/a", null, -2))).Stat.Version);
    }
}
