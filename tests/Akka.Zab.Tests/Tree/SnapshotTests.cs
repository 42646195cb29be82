using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>A tree comes back from its chunks, or not at all.</summary>
public class SnapshotTests
{
    [Fact]
    public void A_tree_comes_back_with_all_it_had() => Generators.Holds(Generators.Runs, run =>
    {
        var edits = new Edits();
        foreach (var (request, session) in run)
            edits.Ask(request, session);
        var tree = edits.Tree;
        var back = Read(SnapshotCodec.Write(tree));
        Assert.Equal(tree.Digest(), back.Digest());
        Assert.Equal(
            (tree.LastZxid, tree.Count, tree.DataBytes, tree.EphemeralCount),
            (back.LastZxid, back.Count, back.DataBytes, back.EphemeralCount));
        foreach (var id in Generators.SessionIds)
            Assert.Equal(tree.EphemeralsOf(id), back.EphemeralsOf(id));

        // And it goes on as the other would.
        var header = new TxnHeader(tree.LastZxid + 1, 5, Edits.Session, 0);
        foreach (var path in new[] { "/a/x", "/new" })
        {
            var create = new Create(path, null, Acl.Open, CreateMode.PersistentSequential);
            ModelTests.Same(Next(tree, create, header), Next(back, create, header));
        }
    });

    [Fact]
    public void The_format_of_a_snapshot_does_not_change()
    {
        // Stores hold these bytes. If this fails, the format needs a new version, and the old ones must stay readable.
        const string StoredByVersion2 =
            "02E8F734F20100000000050000000000000010010700000000000000030102A00F0000150300040400000001020000000400"
            + "000000000000000E0502010764696765737404613A622703011615070482F086C2EE65020202020700000000000000650000"
            + "0000000200000000000000011B03010A09000886F086C2EE656600000000000400000000000000011E03010D040000007A6F"
            + "6F6B656570657201000000000000000000000000001005020106776F726C6407616E796F6E651C03020B0502000001636F6E"
            + "66696701000000000000000000000000020D0202090400000071756F74610103040106";
        const string StoredByVersion1 =
            "017A5DAA5A0100000000030000000000000010010700000000000000030102A00F000014030004040000000101000000020000"
            + "00000000001902011514050482F086C2EE65020202070000000000000065001D03010D040000007A6F6F6B6565706572010000"
            + "000000000000000000000F02020B0502000001636F6E666967010D0202090400000071756F74610103040105";
        var edit = ZnodeTree.Empty.Edit();
        edit.Apply(new LoggedTxn(new TxnHeader(1, 1_750_000_000_000, 7, 0), new OpenSessionTxn([1, 2], 4000)));
        edit.Apply(new LoggedTxn(new TxnHeader(2, 1_750_000_000_001, 7, 0), new CreateTxn("/e", [9], Acl.Open, 7, 1)));
        edit.Apply(new LoggedTxn(new TxnHeader(3, 1_750_000_000_002, 7, 0), new SetDataTxn("/e", null, 1)));
        Assert.Equal(edit.Commit().Digest(), Read([Convert.FromHexString(StoredByVersion1)]).Digest());

        Acl[] acl = [new Acl(Permissions.Read, "digest", "a:b")];
        edit.Apply(new LoggedTxn(new TxnHeader(4, 1_750_000_000_003, 7, 0), new CreateTxn("/f", null, acl, 0, 2)));
        edit.Apply(new LoggedTxn(new TxnHeader(5, 1_750_000_000_004, 7, 0), new SetAclTxn("/e", acl, 1)));
        Assert.Equal(StoredByVersion2, Convert.ToHexString(SnapshotCodec.Write(edit.Commit()).Single()));
        Assert.Equal(edit.Commit().Digest(), Read([Convert.FromHexString(StoredByVersion2)]).Digest());
    }

    [Fact]
    public void Equal_acls_are_written_once_and_are_one_object_afterwards()
    {
        var edits = new Edits();
        for (var i = 0; i < 100; i++)
            edits.Ask(new Create("/n" + i, null, [new Acl(Permissions.All, "digest", "somebody:" + (i % 2))]));
        var back = Read(SnapshotCodec.Write(edits.Tree));
        Assert.Equal(edits.Tree.Digest(), back.Digest());
        Assert.True(back.TryGet("/n0", out var first));
        Assert.True(back.TryGet("/n1", out var second));
        Assert.True(back.TryGet("/n2", out var third));
        Assert.Same(first.Acl, third.Acl);
        Assert.NotEqual(first.Acl, second.Acl);
    }

    [Fact]
    public void Chunks_are_at_most_a_mebibyte_even_if_znodes_are_as_large()
    {
        var edits = new Edits();
        for (var i = 0; i < 5; i++)
            edits.Create("/large" + i, data: new byte[SnapshotCodec.MaxChunkBytes - 100 + (i * 50)]);
        for (var i = 0; i < 20_000; i++)
            edits.Create("/small" + i, data: new byte[i % 100]);
        var chunks = SnapshotCodec.Write(edits.Tree).ToList();
        Assert.InRange(chunks.Count, 6, 9);
        Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 1, SnapshotCodec.MaxChunkBytes));
        Assert.Equal(edits.Tree.Digest(), Read(chunks).Digest());
    }

    [Fact]
    public void Chunks_are_made_as_they_are_asked_for_and_show_one_moment()
    {
        var edits = new Edits();
        for (var i = 0; i < 50; i++)
            edits.Create("/n" + i, data: new byte[100_000]);
        var tree = edits.Tree;
        var digest = tree.Digest();
        var reader = new SnapshotReader();
        foreach (var chunk in SnapshotCodec.Write(tree))
        {
            edits.Create("/during", CreateMode.PersistentSequential);
            edits.Ask(new SetData("/n49", []));
            reader.Add(chunk);
        }

        Assert.Equal(tree.LastZxid, reader.Zxid);
        Assert.Equal(digest, reader.Finish().Digest());
    }

    [Fact]
    public void A_deep_tree_does_not_exhaust_the_stack()
    {
        var edit = ZnodeTree.Empty.Edit();
        var path = "";
        for (var i = 1; i <= 1000; i++)
            edit.Apply(new LoggedTxn(new TxnHeader(i, 0, 0, 0), new CreateTxn(path += "/d", null, Acl.Open, 0, 1)));
        var tree = edit.Commit();
        Assert.Equal(tree.Digest(), Read(SnapshotCodec.Write(tree)).Digest());
    }

    [Fact]
    public void A_chunk_with_any_byte_wrong_is_refused()
    {
        var edits = new Edits();
        edits.Create("/a", data: [1, 2]);
        edits.Create("/a/e", CreateMode.Ephemeral);
        var chunk = SnapshotCodec.Write(edits.Tree).Single();
        for (var bit = 0; bit < chunk.Length * 8; bit++)
        {
            var damaged = (byte[])chunk.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => Read([damaged]));
        }

        for (var length = 0; length < chunk.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read([chunk[..length]]));
    }

    [Fact]
    public void A_chunk_that_is_nonsense_under_a_right_checksum_is_refused()
    {
        var edits = new Edits();
        edits.Create("/a", data: [1, 2]);
        edits.Create("/a/e", CreateMode.Ephemeral);
        var chunk = SnapshotCodec.Write(edits.Tree).Single();
        for (var at = SnapshotCodec.HeaderBytes; at < chunk.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                var damaged = (byte[])chunk.Clone();
                damaged[at] = (byte)value;
                var crc = Checksum.Crc32C(damaged.AsSpan(SnapshotCodec.ChecksumEnd));
                BitConverter.TryWriteBytes(damaged.AsSpan(SnapshotCodec.ChecksumAt), crc);
                try
                {
                    Assert.NotEmpty(Read([damaged]).Digest());
                }
                catch (InvalidDataException)
                {
                }
            }
        }
    }

    [Fact]
    public void Chunks_that_are_missing_repeated_or_out_of_order_are_refused()
    {
        var edits = new Edits();
        for (var i = 0; i < 30; i++)
            edits.Create("/n" + i, data: new byte[100_000]);
        var chunks = SnapshotCodec.Write(edits.Tree).ToList();
        Assert.Equal(3, chunks.Count);
        edits.Create("/other");
        var others = SnapshotCodec.Write(edits.Tree).ToList();
        foreach (var wrong in new byte[][][]
        {
            [], [chunks[0]], [chunks[0], chunks[1]], [chunks[0], chunks[2]], [chunks[1], chunks[2]],
            [chunks[0], chunks[0]], [chunks[1], chunks[0], chunks[2]], [chunks[0], chunks[1], chunks[2], chunks[2]],
            [chunks[0], others[1], chunks[2]],
        })
            Assert.Throws<InvalidDataException>(() => Read(wrong));
        Assert.Equal(31 + 4 - 1, Read(chunks).Count);
    }

    private static Reply Next(ZnodeTree tree, WriteRequest request, TxnHeader header)
    {
        var edit = tree.Edit();
        var prepared = Preparation.Prepare(edit, request, header, Identities.None);
        return prepared.Answer ?? edit.Apply(new LoggedTxn(header, prepared.Txn!));
    }

    internal static ZnodeTree Read(IEnumerable<byte[]> chunks)
    {
        var reader = new SnapshotReader();
        foreach (var chunk in chunks)
            reader.Add(chunk);
        return reader.Finish();
    }
}
