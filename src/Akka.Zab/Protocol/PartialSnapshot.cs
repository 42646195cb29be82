using Akka.Zab.Tree;

namespace Akka.Zab.Protocol;

/// <summary>
/// The chunks of a leader's tree that have come in so far, each verified. They outlive the link, so that the next one
/// brings only the rest; any server that has the tree of the same zxid can go on with it.
/// </summary>
internal sealed class PartialSnapshot
{
    private readonly List<byte[]> chunks = [];
    private SnapshotReader reader = new();
    private ZnodeTree? tree;

    /// <summary>The last transaction in the tree; 0 if no chunk is held.</summary>
    public long Zxid => chunks.Count == 0 ? 0 : reader.Zxid;

    /// <summary>How many chunks are held.</summary>
    public int Count => chunks.Count;

    /// <summary>The next chunk, or the first of another tree; an empty one if all were there.</summary>
    /// <exception cref="InvalidDataException">It is damaged or not the next; nothing is held any more.</exception>
    public void Add(byte[] chunk)
    {
        if (chunk.Length == 0)
            return;
        if (SnapshotCodec.NumberOf(chunk) == 0)
            Clear();
        try
        {
            reader.Add(chunk);
            chunks.Add(chunk);
        }
        catch (InvalidDataException)
        {
            Clear();
            throw;
        }
    }

    /// <summary>The tree and its chunks.</summary>
    /// <exception cref="InvalidDataException">Chunks are missing; nothing is held any more.</exception>
    public (ZnodeTree Tree, byte[][] Chunks) Finish()
    {
        try
        {
            tree ??= reader.Finish();
            return (tree, [.. chunks]);
        }
        catch (InvalidDataException)
        {
            Clear();
            throw;
        }
    }

    /// <summary>What is held is of no use any more.</summary>
    public void Clear()
    {
        chunks.Clear();
        tree = null;
        reader = new SnapshotReader();
    }
}
