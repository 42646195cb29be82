using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>Little data is kept with the znode's head, much of it elsewhere; nobody can tell.</summary>
public class DataTests
{
    private static readonly int[] Lengths =
        [-1, 0, 1, 131, ZnodeHead.MaxDataBytes - 1, ZnodeHead.MaxDataBytes, ZnodeHead.MaxDataBytes + 1, 5000];

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    public void Data_of_any_length_comes_back_after_each_change(int nameLength)
    {
        var edits = new Edits();
        var path = "/" + new string('n', nameLength);
        foreach (var created in Lengths)
        {
            edits.Create(path, data: Data(created));
            Holds(edits, path, Data(created), version: 0);
            var version = 0;
            foreach (var set in Lengths)
            {
                Assert.IsType<StatReply>(edits.Ask(new SetData(path, Data(set))));
                Holds(edits, path, Data(set), ++version);
            }

            Assert.IsType<DoneReply>(edits.Ask(new Delete(path)));
            Assert.Equal(0, edits.Tree.DataBytes);
        }
    }

    [Fact]
    public void A_leaf_that_gets_a_child_or_an_acl_keeps_its_data_and_its_stat()
    {
        foreach (var length in Lengths)
        {
            var edits = new Edits();
            edits.Create("/parent", data: Data(length));
            edits.Create("/guarded", data: Data(length));
            var before = Stat(edits.Tree, "/guarded");
            edits.Create("/parent/child", data: Data(3));
            Holds(edits, "/parent", Data(length), version: 0);
            Acl[] acl = [new Acl(Permissions.All, "world", "anyone"), new Acl(Permissions.Read, "ip", "127.0.0.1")];
            Assert.IsType<StatReply>(edits.Ask(new SetAcl("/guarded", acl)));
            Assert.IsType<StatReply>(edits.Ask(new SetAcl("/guarded", Acl.Open)));
            Holds(edits, "/guarded", Data(length), version: 0);
            Assert.Equal(before with { AclVersion = 2 }, Stat(edits.Tree, "/guarded"));
            edits.Ask(new SetData("/parent", Data(7)));
            Holds(edits, "/parent", Data(7), version: 1);
        }
    }

    [Fact]
    public void An_earlier_tree_keeps_the_data_that_it_had()
    {
        var edits = new Edits();
        edits.Create("/n", data: Data(10));
        var earlier = edits.Tree;
        edits.Ask(new SetData("/n", Data(20)));
        Assert.Equal(Data(10), Assert.IsType<DataReply>(earlier.Read(new GetData("/n"))).Data);
        Assert.Equal(10, earlier.DataBytes);
    }

    private static void Holds(Edits edits, string path, byte[]? data, int version)
    {
        var tree = edits.Tree;
        var back = SnapshotTests.Read(SnapshotCodec.Write(tree));
        Assert.Equal(tree.Digest(), back.Digest());
        Assert.Equal(tree.DataBytes, back.DataBytes);
        foreach (var read in new[] { tree, back })
        {
            var reply = Assert.IsType<DataReply>(read.Read(new GetData(path)));
            Assert.Equal(data, reply.Data);
            Assert.Equal((data?.Length ?? 0, version), (reply.Stat.DataLength, reply.Stat.Version));
        }
    }

    private static Stat Stat(ZnodeTree tree, string path) =>
        Assert.IsType<StatReply>(tree.Read(new Exists(path))).Stat;

    private static byte[]? Data(int length) =>
        length < 0 ? null : [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + length))];
}
