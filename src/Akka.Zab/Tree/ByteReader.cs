using System.Buffers.Binary;
using System.Text;

namespace Akka.Zab.Tree;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. Whatever does not fit is an <see cref="InvalidDataException"/>; no length
/// is trusted before the bytes are seen to be there.
/// </summary>
/// <param name="bytes">The bytes to read.</param>
/// <param name="what">What they are, for the exception's message.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string what)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly string what = what;

    public int Position { get; private set; }

    public readonly int Remaining => bytes.Length - Position;

    public readonly InvalidDataException Fault(string fault) =>
        new($"The {what} cannot be read: {fault} at byte {Position}.");

    public readonly void ExpectEnd()
    {
        if (Remaining != 0)
            throw Fault($"{Remaining} bytes too many");
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
            throw Fault("it is cut short");
        var span = bytes.Slice(Position, count);
        Position += count;
        return span;
    }

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong UCount()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            if (shift == 63 && b > 1)
                break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw Fault("a number is too long");
    }

    /// <summary>A count of things that take at least a byte each.</summary>
    public int Count()
    {
        var value = UCount();
        return value <= (ulong)Remaining ? (int)value : throw Fault("a count is larger than what is left");
    }

    public long Signed()
    {
        var value = UCount();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>The bytes where they are; false if there are none, which is something else than that they are empty.</summary>
    public bool Bytes(out ReadOnlySpan<byte> bytes) => Nullable(out bytes);

    public byte[]? Bytes() => Nullable(out var span) ? (span.IsEmpty ? [] : span.ToArray()) : null;

    public string? String() => Nullable(out var span) ? Encoding.UTF8.GetString(span) : null;

    public byte[] BytesNotNull() => Bytes() ?? throw Fault("bytes are missing");

    public string StringNotNull() => String() ?? throw Fault("a string is missing");

    private bool Nullable(out ReadOnlySpan<byte> span)
    {
        var lengthPlusOne = UCount();
        span = default;
        if (lengthPlusOne == 0)
            return false;
        if (lengthPlusOne - 1 > (ulong)Remaining)
            throw Fault("it is cut short");
        span = Take((int)(lengthPlusOne - 1));
        return true;
    }
}
