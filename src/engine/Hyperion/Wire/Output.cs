using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Hyperion.Wire;

/// <summary>
/// The bytes of one message while they are written, with the message's table of type names and, where references
/// are preserved, of the objects written so far. One thread, one message at a time; reused between messages.
/// </summary>
internal sealed class Output
{
    private const int KeptCapacity = 1 << 20;
    private const int LinearSearch = 12;

    private byte[] _buffer = new byte[512];
    private int _length;
    private int _depth;
    private Type[] _types = new Type[4];
    private int _typeCount;
    private object[] _objects = new object[LinearSearch];
    private int _objectCount;
    private Dictionary<object, int>? _objectIds;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Forgets the message; a buffer that one huge message blew up is given back.</summary>
    public void Reset()
    {
        if (_buffer.Length > KeptCapacity) _buffer = new byte[512];
        _length = 0;
        _depth = 0;
        Array.Clear(_types, 0, _typeCount);
        _typeCount = 0;
        Array.Clear(_objects, 0, Math.Min(_objectCount, LinearSearch));
        _objectCount = 0;
        _objectIds = null;
    }

    /// <summary>Enters an object; one that is nested too deeply for the stack fails as an error, not as a crash.
    /// </summary>
    public void Enter(Type type)
    {
        if (++_depth > 128 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Malformed.TooDeep(type);
    }

    public void Leave() => _depth--;

    /// <summary>The index of a type name that this message already carries, or -1 after having added it.</summary>
    public int IndexOrAdd(Type type)
    {
        for (var i = 0; i < _typeCount; i++)
            if (ReferenceEquals(_types[i], type))
                return i;
        if (_typeCount == _types.Length) Array.Resize(ref _types, _typeCount * 2);
        _types[_typeCount++] = type;
        return -1;
    }

    /// <summary>The number of an object that this message already carries, or -1 after having numbered it.</summary>
    public int ObjectOrAdd(object value)
    {
        if (_objectIds is null)
        {
            for (var i = 0; i < _objectCount; i++)
                if (ReferenceEquals(_objects[i], value))
                    return i;
            if (_objectCount < LinearSearch)
            {
                _objects[_objectCount++] = value;
                return -1;
            }
            _objectIds = new Dictionary<object, int>(64, ReferenceEqualityComparer.Instance);
            for (var i = 0; i < _objectCount; i++) _objectIds.Add(_objects[i], i);
        }
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_objectIds, value, out var known);
        if (known) return id;
        id = _objectCount++;
        return -1;
    }

    public void WriteByte(byte value)
    {
        if (_length == _buffer.Length) Grow(1);
        _buffer[_length++] = value;
    }

    public void WriteSByte(sbyte value) => WriteByte((byte)value);

    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16LittleEndian(Take(2), value);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void WriteChar(char value) => WriteUInt16(value);

    public void WriteInt32(int value) => WriteUInt32((uint)((value << 1) ^ (value >> 31)));

    public void WriteInt64(long value) => WriteUInt64((ulong)((value << 1) ^ (value >> 63)));

    public void WriteUInt32(uint value)
    {
        if (value < 0x80) WriteByte((byte)value);
        else WriteUInt64(value);
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void WriteUInt64(ulong value)
    {
        if (_buffer.Length - _length < 10) Grow(10);
        var at = _length;
        while (value >= 0x80)
        {
            _buffer[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[at++] = (byte)value;
        _length = at;
    }

    public void WriteSingle(float value) => BinaryPrimitives.WriteSingleLittleEndian(Take(4), value);

    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    public void WriteFixed64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void WriteFixed32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void WriteDecimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (var part in parts) WriteFixed32(part);
    }

    public void WriteDateTime(DateTime value) => WriteFixed64(value.Ticks | ((long)value.Kind << 62));

    public void WriteDateTimeOffset(DateTimeOffset value)
    {
        WriteFixed64(value.Ticks);
        WriteInt32((int)(value.Offset.Ticks / TimeSpan.TicksPerMinute));
    }

    public void WriteTimeSpan(TimeSpan value) => WriteInt64(value.Ticks);

    public void WriteGuid(Guid value) => value.TryWriteBytes(Take(16));

    /// <summary>The number of UTF-8 bytes plus one, 0 for null, then the bytes.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteByte(0);
            return;
        }
        if (value.Length <= 42)
        {
            if (_buffer.Length - _length < 128) Grow(128);
            var written = Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length + 1));
            _buffer[_length] = (byte)(written + 1);
            _length += written + 1;
            return;
        }
        var count = Encoding.UTF8.GetByteCount(value);
        WriteUInt32((uint)count + 1);
        Encoding.UTF8.GetBytes(value, Take(count));
    }

    /// <summary>The length plus one, 0 for null, then the bytes as they are.</summary>
    public void WriteBytes(byte[]? value)
    {
        if (value is null) WriteByte(0);
        else WriteBlock(value);
    }

    public void WriteBlock(ReadOnlySpan<byte> value)
    {
        WriteUInt64((ulong)value.Length + 1);
        value.CopyTo(Take(value.Length));
    }

    public void WriteRaw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count) Grow(count);
        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    private void Grow(int count)
    {
        var needed = (long)_length + count;
        if (needed > Array.MaxLength) throw new InvalidOperationException("A message exceeds 2 GiB.");
        var size = Math.Min(Array.MaxLength, (long)BitOperations.RoundUpToPowerOf2((ulong)needed));
        Array.Resize(ref _buffer, (int)size);
    }
}
