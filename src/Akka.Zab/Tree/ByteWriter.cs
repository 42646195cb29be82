using System.Buffers.Binary;
using System.Text;

namespace Akka.Zab.Tree;

/// <summary>
/// Writes the primitives of every stored format into a buffer that grows and is used again. Fixed-width numbers are
/// little-endian; counts and lengths are seven bits to a byte; strings are UTF-8.
/// </summary>
internal sealed class ByteWriter(int capacity = 4096)
{
    private byte[] buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public byte[] ToArray() => Written.ToArray();

    /// <summary>Room for bytes to be filled in by the caller before anything else is written.</summary>
    public Span<byte> Take(int count)
    {
        if (buffer.Length - Length < count)
            Array.Resize(
                ref buffer, Math.Max(checked(Length + count), (int)Math.Min(2L * buffer.Length, Array.MaxLength)));
        var span = buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void PutUInt32(int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(0, Length)[offset..], value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>A number that is mostly small and never negative.</summary>
    public void Count(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Count(int value) => Count((ulong)(uint)value);

    /// <summary>A number that is mostly near 0, on either side.</summary>
    public void Signed(long value) => Count((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Bytes with their length; null and empty differ.</summary>
    public void Bytes(byte[]? value) => Bytes(value is not null, value);

    /// <summary>Bytes with their length, or that there are none.</summary>
    public void Bytes(bool exist, ReadOnlySpan<byte> value)
    {
        if (!exist)
        {
            Byte(0);
            return;
        }

        Count((ulong)value.Length + 1);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>A string with its length; null and empty differ.</summary>
    public void String(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Count((ulong)length + 1);
        Encoding.UTF8.GetBytes(value, Take(length));
    }
}
