using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// The trees that a leader has begun to send, kept for a while: a learner whose link broke in the middle asks for the
/// rest. Equal trees have equal chunks, so the zxid says which tree it is.
/// </summary>
/// <param name="keep">For how long a tree is kept after it was last used.</param>
internal sealed class SnapshotShelf(TimeSpan keep)
{
    private const int MaxTrees = 2;

    private readonly List<(ZnodeTree Tree, TimeSpan Used)> trees = [];

    public int Count => trees.Count;

    public void Put(ZnodeTree tree, TimeSpan now)
    {
        Remove(tree.LastZxid);
        if (trees.Count == MaxTrees)
            trees.RemoveAt(0);
        trees.Add((tree, now));
    }

    /// <summary>The tree of this zxid, or null.</summary>
    public ZnodeTree? Find(long zxid)
    {
        foreach (var (tree, _) in trees)
        {
            if (tree.LastZxid == zxid)
                return tree;
        }

        return null;
    }

    /// <summary>It is still being sent.</summary>
    public void Touch(long zxid, TimeSpan now)
    {
        for (var i = 0; i < trees.Count; i++)
        {
            if (trees[i].Tree.LastZxid == zxid)
                trees[i] = (trees[i].Tree, now);
        }
    }

    /// <summary>What came after this tree cannot be had any more.</summary>
    public void Remove(long zxid) => trees.RemoveAll(kept => kept.Tree.LastZxid == zxid);

    /// <summary>Lets go of what nobody came back for.</summary>
    public void Expire(TimeSpan now) => trees.RemoveAll(kept => now - kept.Used > keep);
}
