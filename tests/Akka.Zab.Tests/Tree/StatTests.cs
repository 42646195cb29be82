using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>ZOOKEEPER-PROTOCOL.md, sections 4, 6 and 7: what reads answer, and each field of the stat.</summary>
public class StatTests
{
    private readonly Edits edits = new();

    [Fact]
    public void The_tree_begins_with_its_reserved_znodes()
    {
        var tree = ZnodeTree.Empty;
        Assert.Equal((4L, 0L, 0L), (tree.Count, tree.LastZxid, tree.DataBytes));
        Assert.Equal((0L, 0), (tree.EphemeralCount, tree.SessionCount));
        Assert.Equal(["zookeeper"], Assert.IsType<ChildrenReply>(tree.Read(new GetChildren("/"))).Names);
        Assert.Equal(["config", "quota"], Assert.IsType<ChildrenReply>(tree.Read(new GetChildren("/zookeeper"))).Names);
        var root = Assert.IsType<DataReply>(tree.Read(new GetData("/")));
        Assert.Empty(root.Data!);
        Assert.Equal(new Stat(0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0), root.Stat);
        Assert.Equal(-1, Assert.IsType<StatReply>(tree.Read(new Exists("/zookeeper/config"))).Stat.AclVersion);
    }

    [Fact]
    public void Create_sets_the_stat_of_the_znode_and_touches_its_parent()
    {
        edits.Create("/a", data: [1, 2, 3]);
        var born = edits.Zxid;
        Assert.Equal(
            new Stat(born, born, Edits.TimeOf(born), Edits.TimeOf(born), 0, 0, 0, 0, 3, 0, born), edits.StatOf("/a"));
        var created = Assert.IsType<CreatedReply>(edits.Create("/a/b", CreateMode.Ephemeral));
        Assert.Equal(edits.StatOf("/a/b"), created.Stat);
        Assert.Equal(Edits.Session, created.Stat.EphemeralOwner);
        Assert.Equal(
            new Stat(born, born, Edits.TimeOf(born), Edits.TimeOf(born), 0, 1, 0, 0, 3, 1, edits.Zxid),
            edits.StatOf("/a"));
    }

    [Fact]
    public void SetData_touches_the_znode_and_no_other()
    {
        edits.Create("/a", data: [1]);
        var born = edits.Zxid;
        edits.Create("/a/b");
        var pzxid = edits.Zxid;
        var root = edits.StatOf("/");
        var set = Assert.IsType<StatReply>(edits.Ask(new SetData("/a", [1, 2], 0)));
        Assert.Equal(
            new Stat(born, edits.Zxid, Edits.TimeOf(born), Edits.TimeOf(edits.Zxid), 1, 1, 0, 0, 2, 1, pzxid),
            set.Stat);
        Assert.Equal(set.Stat, edits.StatOf("/a"));
        Assert.Equal(root, edits.StatOf("/"));
    }

    [Fact]
    public void Delete_counts_in_the_parents_cversion_and_pzxid_and_leaves_its_mzxid()
    {
        edits.Create("/a");
        edits.Create("/a/b");
        var before = edits.StatOf("/a");
        edits.Ask(new Delete("/a/b"));
        var expected = before with { ChildrenVersion = 2, ChildCount = 0, ChildrenZxid = edits.Zxid };
        Assert.Equal(expected, edits.StatOf("/a"));
    }

    [Fact]
    public void The_root_takes_data_like_any_other()
    {
        Assert.Equal(1, Assert.IsType<StatReply>(edits.Ask(new SetData("/", [7]))).Stat.Version);
        Assert.Equal([7], Assert.IsType<DataReply>(edits.Tree.Read(new GetData("/"))).Data);
        Assert.Equal(1, edits.Tree.DataBytes);
    }

    [Fact]
    public void Null_data_and_empty_data_differ()
    {
        edits.Create("/null");
        edits.Create("/empty", data: []);
        Assert.Null(Assert.IsType<DataReply>(edits.Tree.Read(new GetData("/null"))).Data);
        Assert.Empty(Assert.IsType<DataReply>(edits.Tree.Read(new GetData("/empty"))).Data!);
        edits.Create("/null/child");
        Assert.Null(Assert.IsType<DataReply>(edits.Tree.Read(new GetData("/null"))).Data);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("//")]
    [InlineData("/a/")]
    [InlineData("/missing")]
    [InlineData("/a/b/c")]
    public void Reads_do_not_judge_paths(string path)
    {
        edits.Create("/a");
        edits.Create("/a/b");
        foreach (var read in new ReadRequest[] { new Exists(path), new GetData(path), new GetChildren(path) })
            Assert.Equal(new ErrorReply(ZabError.NoNode), edits.Tree.Read(read));
    }

    [Fact]
    public void Exists_alone_minds_a_nul()
    {
        Assert.Equal(new ErrorReply(ZabError.BadArguments), edits.Tree.Read(new Exists("/a\0")));
        Assert.Equal(new ErrorReply(ZabError.NoNode), edits.Tree.Read(new GetData("/a\0")));
    }

    [Fact]
    public void A_long_path_is_found()
    {
        var path = "";
        for (var i = 0; i < 100; i++)
            edits.Create(path += "/component-" + i);
        path += "/\u4e2d";
        Assert.Equal(path, Assert.IsType<CreatedReply>(edits.Create(path)).Path);
        Assert.True(edits.Tree.TryGet(path, out _));
        Assert.Equal(["\u4e2d"], Assert.IsType<ChildrenReply>(edits.Tree.Read(new GetChildren(path[..^2]))).Names);
    }

    [Fact]
    public void Every_tree_lists_its_own_children_however_often_it_is_asked()
    {
        edits.Create("/a");
        edits.Create("/a/b");
        var before = edits.Tree;
        Assert.Equal(["b"], Names(before));
        edits.Create("/a/c");
        edits.Ask(new Delete("/a/b"));
        Assert.Equal(["c"], Names(edits.Tree));
        edits.Create("/a/d");
        Assert.Equal(["c", "d"], Names(edits.Tree));
        Assert.Equal(["c", "d"], Names(edits.Tree));
        Assert.Equal(["b"], Names(before));

        static IEnumerable<string> Names(ZnodeTree tree) =>
            Assert.IsType<ChildrenReply>(tree.Read(new GetChildren("/a"))).Names;
    }

    [Fact]
    public void A_hundred_thousand_children_are_listed_in_order_and_deleted()
    {
        const int Many = 100_000;
        edits.Create("/a");
        for (var i = 0; i < Many; i++)
            edits.Create("/a/c" + (i * 7919 % Many).ToString("D6"));
        var all = Assert.IsType<ChildrenReply>(edits.Tree.Read(new GetChildren("/a")));
        Assert.Equal(Enumerable.Range(0, Many).Select(i => "c" + i.ToString("D6")), all.Names);
        Assert.Equal((Many, Many), (all.Stat.ChildCount, all.Stat.ChildrenVersion));
        for (var i = 0; i < Many; i += 2)
            edits.Ask(new Delete("/a/c" + i.ToString("D6")));
        Assert.Equal(Many / 2, Assert.IsType<ChildrenReply>(edits.Tree.Read(new GetChildren("/a"))).Names.Count);
        Assert.Equal(Many * 3 / 2, edits.StatOf("/a").ChildrenVersion);
    }
}
