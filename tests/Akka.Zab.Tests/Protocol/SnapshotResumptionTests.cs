using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>What both sides keep of a snapshot whose link broke.</summary>
public class SnapshotResumptionTests
{
    private static readonly byte[][] Chunks = [.. SnapshotCodec.Write(Trees.Large(5, chunks: 3))];
    private readonly PartialSnapshot partial = new();

    [Fact]
    public void Chunks_of_equal_trees_may_come_from_different_servers()
    {
        var other = SnapshotCodec.Write(Trees.Large(5, chunks: 3)).ToArray();
        partial.Add(Chunks[0]);
        Assert.Equal((5, 1), (partial.Zxid, partial.Count));

        foreach (var chunk in other.Skip(1))
            partial.Add(chunk);

        Assert.Equal(Trees.Large(5, chunks: 3).Digest(), partial.Finish().Tree.Digest());
        Assert.Equal(Chunks.Length, partial.Finish().Chunks.Length);
    }

    [Fact]
    public void The_first_chunk_of_another_tree_takes_the_place_of_what_is_held()
    {
        partial.Add(Chunks[0]);
        partial.Add(Chunks[1]);

        foreach (var chunk in SnapshotCodec.Write(Trees.Large(6, chunks: 1)))
            partial.Add(chunk);

        Assert.Equal(6, partial.Finish().Tree.LastZxid);
    }

    [Fact]
    public void A_damaged_chunk_leaves_nothing_to_go_on_with()
    {
        partial.Add(Chunks[0]);
        byte[] damaged = [.. Chunks[1]];
        damaged[^1] ^= 1;

        Assert.Throws<InvalidDataException>(() => partial.Add(damaged));

        Assert.Equal((0, 0), (partial.Zxid, partial.Count));
        partial.Add(Chunks[0]);
        Assert.Equal(1, partial.Count);
    }

    [Fact]
    public void A_chunk_of_another_tree_in_the_middle_is_found()
    {
        partial.Add(Chunks[0]);

        Assert.Throws<InvalidDataException>(
            () => partial.Add(SnapshotCodec.Write(Trees.Large(6, chunks: 3)).ElementAt(1)));
    }

    [Fact]
    public void A_tree_is_kept_for_a_while_after_it_was_last_sent()
    {
        var shelf = new SnapshotShelf(TimeSpan.FromSeconds(20));
        shelf.Put(Trees.Large(5, chunks: 0), TimeSpan.Zero);
        shelf.Put(Trees.Large(6, chunks: 0), TimeSpan.Zero);
        shelf.Touch(6, TimeSpan.FromSeconds(15));

        shelf.Expire(TimeSpan.FromSeconds(21));

        Assert.Null(shelf.Find(5));
        Assert.Equal(6, shelf.Find(6)!.LastZxid);
        shelf.Remove(6);
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void Only_the_latest_trees_are_kept()
    {
        var shelf = new SnapshotShelf(TimeSpan.FromSeconds(20));
        for (var zxid = 1; zxid <= 9; zxid++)
            shelf.Put(Trees.Large(zxid, chunks: 0), TimeSpan.Zero);

        Assert.Equal(2, shelf.Count);
        Assert.NotNull(shelf.Find(9));
        Assert.NotNull(shelf.Find(8));
    }
}
