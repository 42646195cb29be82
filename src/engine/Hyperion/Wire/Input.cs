using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Hyperion.Codecs;

namespace Hyperion.Wire;

/// <summary>
/// The bytes of one message while they are read. Every length is checked against what is left before anything is
/// allocated for it, so a message of n bytes costs memory in proportion to n at most.
/// </summary>
internal sealed class Input
{
    private byte[] _buffer = [];
    private int _at;
    private int _end;
    private int _depth;
    private Codec[] _types = new Codec[4];
    private int _typeCount;
    private object?[] _objects = new object?[8];
    private int _objectCount;

    public int Remaining => _end - _at;

    public int Position => _at;

    public void Open(byte[] buffer, int offset, int count)
    {
        _buffer = buffer;
        _at = offset;
        _end = offset + count;
    }

    /// <summary>Forgets the message.</summary>
    public void Reset()
    {
        _buffer = [];
        _at = _end = _depth = 0;
        Array.Clear(_types, 0, _typeCount);
        _typeCount = 0;
        Array.Clear(_objects, 0, _objectCount);
        if (_objects.Length > 1024) _objects = new object?[8];
        _objectCount = 0;
    }

    public void Enter(Type type)
    {
        if (++_depth > 128 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Malformed.TooDeep(type);
    }

    public void Leave() => _depth--;

    public void AddType(Codec codec)
    {
        if (_typeCount == _types.Length) Array.Resize(ref _types, _typeCount * 2);
        _types[_typeCount++] = codec;
    }

    public Codec TypeAt(uint index) => index < (uint)_typeCount ? _types[index] : throw Malformed.Tag(index);

    /// <summary>Numbers the object that is about to be read, as the writer did before it wrote the content.</summary>
    public int ReserveObject()
    {
        if (_objectCount == _objects.Length) Array.Resize(ref _objects, _objectCount * 2);
        return _objectCount++;
    }

    public void SetObject(int slot, object value)
    {
        if (slot >= 0) _objects[slot] = value;
    }

    public object ObjectAt(uint id) =>
        id < (uint)_objectCount && _objects[id] is { } found ? found : throw Malformed.Tag(id);

    public byte ReadByte()
    {
        if (_at >= _end) throw Malformed.Truncated();
        return _buffer[_at++];
    }

    public sbyte ReadSByte() => (sbyte)ReadByte();

    public bool ReadBoolean() => ReadByte() switch { 0 => false, 1 => true, _ => throw Malformed.Value("boolean") };

    public short ReadInt16() => BinaryPrimitives.ReadInt16LittleEndian(Take(2));

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public char ReadChar() => (char)ReadUInt16();

    public int ReadInt32()
    {
        var raw = ReadUInt32();
        return (int)(raw >> 1) ^ -(int)(raw & 1);
    }

    public long ReadInt64()
    {
        var raw = ReadUInt64();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public uint ReadUInt32()
    {
        if (_at < _end && _buffer[_at] < 0x80) return _buffer[_at++];
        var value = ReadUInt64();
        return value <= uint.MaxValue ? (uint)value : throw Malformed.Number();
    }

    public ulong ReadUInt64()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            if (shift == 63 && next > 1) throw Malformed.Number();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Malformed.Number();
    }

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public long ReadFixed64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public int ReadFixed32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public decimal ReadDecimal()
    {
        Span<int> parts = stackalloc int[4];
        for (var i = 0; i < 4; i++) parts[i] = ReadFixed32();
        const int usedFlags = unchecked((int)0x80FF0000);
        if ((parts[3] & ~usedFlags) != 0 || ((parts[3] >> 16) & 0xFF) > 28) throw Malformed.Value("decimal");
        return new decimal(parts);
    }

    public DateTime ReadDateTime()
    {
        var raw = ReadFixed64();
        var kind = (int)((ulong)raw >> 62);
        var ticks = raw & 0x3FFF_FFFF_FFFF_FFFF;
        if (kind > 2 || ticks > DateTime.MaxValue.Ticks) throw Malformed.Value("date");
        return new DateTime(ticks, (DateTimeKind)kind);
    }

    public DateTimeOffset ReadDateTimeOffset()
    {
        var ticks = ReadFixed64();
        var minutes = ReadInt32();
        if ((ulong)ticks > (ulong)DateTime.MaxValue.Ticks || minutes is < -840 or > 840)
            throw Malformed.Value("date");
        var offset = TimeSpan.FromMinutes(minutes);
        var utc = ticks - offset.Ticks;
        if ((ulong)utc > (ulong)DateTime.MaxValue.Ticks) throw Malformed.Value("date");
        return new DateTimeOffset(ticks, offset);
    }

    public TimeSpan ReadTimeSpan() => new(ReadInt64());

    public Guid ReadGuid() => new(Take(16));

    public string? ReadString()
    {
        var raw = ReadUInt64();
        if (raw == 0) return null;
        return Encoding.UTF8.GetString(Take(Checked(raw - 1)));
    }

    public byte[]? ReadBytes()
    {
        var raw = ReadUInt64();
        if (raw == 0) return null;
        return Take(Checked(raw - 1)).ToArray();
    }

    public ReadOnlySpan<byte> ReadBlock()
    {
        var raw = ReadUInt64();
        if (raw == 0) throw Malformed.Value("length");
        return Take(Checked(raw - 1));
    }

    /// <summary>A number of elements; each takes a byte at least.</summary>
    public int ReadCount() => Checked(ReadUInt64());

    private int Checked(ulong length) =>
        length <= (ulong)Remaining ? (int)length : throw Malformed.Length(length, Remaining);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Remaining < count) throw Malformed.Truncated();
        var span = _buffer.AsSpan(_at, count);
        _at += count;
        return span;
    }
}
