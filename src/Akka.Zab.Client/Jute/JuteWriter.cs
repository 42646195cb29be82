using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Akka.Zab.Client.Jute;

/// <summary>
/// Writes frames to a buffer, each in one piece: <see cref="Begin"/> makes room for the whole frame, the fields follow,
/// <see cref="End"/> fills in the length. Nothing counts as written before <see cref="Flush"/>.
/// </summary>
internal ref struct JuteWriter(IBufferWriter<byte> output)
{
    const int SmallestPiece = 4096;

    /// <summary>A Stat takes this many bytes.</summary>
    public const int StatSize = 68;

    readonly IBufferWriter<byte> _output = output;
    Span<byte> _piece = default;
    int _used = 0;
    int _frame = 0;

    /// <summary>How many bytes all frames so far take.</summary>
    public long Written { get; private set; }

    /// <summary>The most bytes that a string can take.</summary>
    public static int MaxSize(string text) => sizeof(int) + (text.Length * 3);

    /// <summary>The bytes that a buffer takes.</summary>
    public static int Size(byte[]? buffer) => sizeof(int) + (buffer?.Length ?? 0);

    /// <summary>Begins a frame of at most <paramref name="size"/> bytes beside its length field.</summary>
    public void Begin(int size)
    {
        size += sizeof(int);
        if (_piece.Length - _used < size)
        {
            Flush();
            _piece = _output.GetSpan(Math.Max(size, SmallestPiece));
        }
        _frame = _used;
        _used += sizeof(int);
    }

    /// <summary>Ends the frame.</summary>
    public void End()
    {
        BinaryPrimitives.WriteInt32BigEndian(_piece[_frame..], _used - _frame - sizeof(int));
        Written += _used - _frame;
    }

    /// <summary>Hands everything written to the buffer.</summary>
    public void Flush()
    {
        if (_used > 0) _output.Advance(_used);
        _piece = default;
        _used = 0;
    }

    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_piece[_used..], value);
        _used += sizeof(int);
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_piece[_used..], value);
        _used += sizeof(long);
    }

    public void Bool(bool value) => _piece[_used++] = value ? (byte)1 : (byte)0;

    public void Buffer(byte[]? value) => Buffer(value is not null, value);

    public void Buffer(bool exists, ReadOnlySpan<byte> value)
    {
        if (!exists)
        {
            Int(-1);
            return;
        }
        Int(value.Length);
        value.CopyTo(_piece[_used..]);
        _used += value.Length;
    }

    public void String(string value)
    {
        var length = Encoding.UTF8.GetBytes(value, _piece[(_used + sizeof(int))..]);
        Int(length);
        _used += length;
    }

    /// <summary>A string that is in UTF-8 already.</summary>
    public void Utf8(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        value.CopyTo(_piece[_used..]);
        _used += value.Length;
    }

    public void Stat(in Stat stat)
    {
        var to = _piece.Slice(_used, StatSize);
        BinaryPrimitives.WriteInt64BigEndian(to[60..], stat.ChildrenZxid);
        BinaryPrimitives.WriteInt64BigEndian(to, stat.CreatedZxid);
        BinaryPrimitives.WriteInt64BigEndian(to[8..], stat.ModifiedZxid);
        BinaryPrimitives.WriteInt64BigEndian(to[16..], stat.CreatedTime);
        BinaryPrimitives.WriteInt64BigEndian(to[24..], stat.ModifiedTime);
        BinaryPrimitives.WriteInt32BigEndian(to[32..], stat.Version);
        BinaryPrimitives.WriteInt32BigEndian(to[36..], stat.ChildrenVersion);
        BinaryPrimitives.WriteInt32BigEndian(to[40..], stat.AclVersion);
        BinaryPrimitives.WriteInt64BigEndian(to[44..], stat.EphemeralOwner);
        BinaryPrimitives.WriteInt32BigEndian(to[52..], stat.DataLength);
        BinaryPrimitives.WriteInt32BigEndian(to[56..], stat.ChildCount);
        _used += StatSize;
    }

    /// <summary>The header of a reply: 16 bytes.</summary>
    public void ReplyHeader(int xid, long zxid, ZabError error)
    {
        Int(xid);
        Long(zxid);
        Int((int)error);
    }

    /// <summary>The header of one result in a multi: 9 bytes.</summary>
    public void MultiHeader(int type, bool done, int error)
    {
        Int(type);
        Bool(done);
        Int(error);
    }
}
