using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Akka.Remote.Transport;

/// <summary>
/// Bytes on their way to a socket: frames of a length, a kind and a content. Grows as needed; a frame that turns out
/// too large, or that fails half-way, is taken back.
/// </summary>
internal sealed class FrameWriter : IBufferWriter<byte>
{
    private const int KeptCapacity = 4 << 20;
    public const int HeaderSize = 4;

    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_buffer.Length > KeptCapacity) _buffer = new byte[16 * 1024];
    }

    /// <summary>Begins a frame; the result goes to <see cref="EndFrame"/> or <see cref="TakeBack"/>.</summary>
    public int BeginFrame(FrameKind kind)
    {
        var start = _length;
        Span(HeaderSize);
        WriteByte((byte)kind);
        return start;
    }

    /// <summary>The length of the frame without its header.</summary>
    public int EndFrame(int start)
    {
        var length = _length - start - HeaderSize;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), length);
        return length;
    }

    public void TakeBack(int start) => _length = start;

    public ReadOnlySpan<byte> Since(int start) => _buffer.AsSpan(start, _length - start);

    public void WriteByte(byte value) => Span(1)[0] = value;

    public void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }
        WriteByte((byte)value);
    }

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Span(4), value);

    public void WriteString(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)count);
        Encoding.UTF8.GetBytes(value, Span(count));
    }

    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Span(value.Length));

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private Span<byte> Span(int count)
    {
        Reserve(count);
        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count) return;
        var size = Math.Max((long)_buffer.Length * 2, (long)_length + count);
        Array.Resize(ref _buffer, (int)Math.Min(size, Array.MaxLength));
    }
}

/// <summary>What a frame holds.</summary>
internal enum FrameKind : byte
{
    /// <summary>The first frame of the system that connects: who it is, and whom it wants.</summary>
    Hello = 1,

    /// <summary>The answer to <see cref="Hello"/>.</summary>
    Welcome = 2,

    /// <summary>A message to an actor.</summary>
    Message = 3,

    /// <summary>A message to whatever a path pattern selects.</summary>
    Selection = 4,

    /// <summary>A numbered message of the engine itself, delivered exactly once or the system is quarantined.</summary>
    System = 5,

    /// <summary>From the receiver of a connection: the number of the last system message that it has handled.</summary>
    Acknowledge = 6,

    /// <summary>Asks for <see cref="Pong"/>, so that a dead connection is noticed.</summary>
    Ping = 7,

    Pong = 8,

    /// <summary>The sender closes the connection on purpose.</summary>
    Goodbye = 9,
}
