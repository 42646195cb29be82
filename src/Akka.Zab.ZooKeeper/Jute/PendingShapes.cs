using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Akka.Zab.ZooKeeper.Jute;

/// <summary>
/// The shapes of the replies that a connection owes, in the order of its requests: a queue of bytes that grows with
/// what is under way. A multi takes a byte, its number of operations, and a byte for each of them.
/// </summary>
internal sealed class PendingShapes
{
    byte[] _bytes = new byte[64];
    int _head;
    int _count;

    /// <summary>Whether no reply is owed.</summary>
    public bool IsEmpty => _count == 0;

    public void Add(ReplyShape shape) => AddByte((byte)shape);

    public void AddMulti(List<OpCode> types)
    {
        AddByte((byte)ReplyShape.Multi);
        var count = types.Count;
        foreach (var b in MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in count))) AddByte(b);
        foreach (var type in types) AddByte((byte)type);
    }

    /// <summary>The shape of the next reply.</summary>
    public ReplyShape Take() => (ReplyShape)TakeByte();

    /// <summary>After <see cref="ReplyShape.Multi"/>: how many operations follow.</summary>
    public int TakeCount()
    {
        var count = 0;
        foreach (ref var b in MemoryMarshal.AsBytes(new Span<int>(ref count))) b = TakeByte();
        return count;
    }

    /// <summary>The type of the multi's next operation.</summary>
    public OpCode TakeType() => (OpCode)TakeByte();

    /// <summary>Passes over the types of the multi's operations.</summary>
    public void SkipTypes(int count)
    {
        for (var i = 0; i < count; i++) TakeByte();
    }

    /// <summary>Moves everything in <paramref name="other"/> to the end of this queue.</summary>
    public void Append(PendingShapes other)
    {
        while (other._count > 0) AddByte(other.TakeByte());
    }

    void AddByte(byte value)
    {
        if (_count == _bytes.Length) Grow();
        _bytes[(_head + _count++) & (_bytes.Length - 1)] = value;
    }

    byte TakeByte()
    {
        if (_count == 0) throw new UnreachableException("A reply that no request asked for.");
        var value = _bytes[_head];
        _head = (_head + 1) & (_bytes.Length - 1);
        _count--;
        return value;
    }

    void Grow()
    {
        var bytes = new byte[_bytes.Length * 2];
        _bytes.AsSpan(_head).CopyTo(bytes);
        _bytes.AsSpan(0, _head).CopyTo(bytes.AsSpan(_bytes.Length - _head));
        _bytes = bytes;
        _head = 0;
    }
}
