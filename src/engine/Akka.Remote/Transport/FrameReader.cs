using System.Buffers.Binary;
using System.Text;

namespace Akka.Remote.Transport;

/// <summary>A broken rule of the protocol; the connection is closed, and the log gets this one sentence.</summary>
internal sealed class ProtocolException(string message) : Exception(message);

/// <summary>The content of one frame.</summary>
internal ref struct FrameReader(byte[] buffer, int offset, int count)
{
    private readonly int _end = offset + count;
    private int _at = offset;

    public readonly byte[] Buffer => buffer;

    public readonly int Position => _at;

    public readonly int Remaining => _end - _at;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new ProtocolException("A frame holds a number that is too long.");
    }

    public string ReadString()
    {
        var count = ReadVarint();
        if (count > (ulong)Remaining) throw Short();
        return Encoding.UTF8.GetString(Take((int)count));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Remaining < count) throw Short();
        var span = buffer.AsSpan(_at, count);
        _at += count;
        return span;
    }

    private static ProtocolException Short() => new("A frame is shorter than its content.");
}
