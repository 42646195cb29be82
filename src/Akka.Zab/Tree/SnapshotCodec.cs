namespace Akka.Zab.Tree;

/// <summary>A tree as chunks of at most 1 MiB.</summary>
internal static class SnapshotCodec
{
    /// <summary>The most that a chunk takes.</summary>
    public const int MaxChunkBytes = 1024 * 1024;

    /// <summary>The chunks of the tree, made one at a time. They carry their number and a checksum; the last one says so.</summary>
    public static IEnumerable<byte[]> Write(ZnodeTree tree) => throw new NotSupportedException(tree.ToString());
}

/// <summary>Puts a tree together from the chunks that <see cref="SnapshotCodec"/> made. For one owner on one thread.</summary>
internal sealed class SnapshotReader
{
    /// <summary>The zxid of the tree, known after the first chunk.</summary>
    public long Zxid { get; private set; }

    /// <summary>Whether the last chunk has been added.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The next chunk.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or not the next.</exception>
    public void Add(byte[] chunk) => throw new NotSupportedException(chunk.ToString());

    /// <summary>The tree.</summary>
    /// <exception cref="InvalidDataException">Chunks are missing.</exception>
    public ZnodeTree Finish() => throw new NotSupportedException();
}
