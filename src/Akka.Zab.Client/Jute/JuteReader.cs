using System.Buffers.Binary;
using System.Text;

namespace Akka.Zab.Client.Jute;

/// <summary>
/// Reads jute fields from one frame. A field that reaches beyond the frame, or has an impossible length, makes the
/// reader
/// <see cref="Malformed"/>; from then on it returns empty values, so a caller checks once, at the end.
/// </summary>
internal ref struct JuteReader(ReadOnlySpan<byte> frame)
{
    ReadOnlySpan<byte> _rest = frame;

    /// <summary>Whether a field could not be read.</summary>
    public bool Malformed { get; private set; }

    /// <summary>How many bytes have not been read.</summary>
    public readonly int Remaining => _rest.Length;

    public int ReadInt() => Take(sizeof(int), out var bytes) ? BinaryPrimitives.ReadInt32BigEndian(bytes) : 0;

    public long ReadLong() => Take(sizeof(long), out var bytes) ? BinaryPrimitives.ReadInt64BigEndian(bytes) : 0;

    public bool ReadBool() => Take(1, out var bytes) && bytes[0] != 0;

    /// <summary>A buffer as a new array; null stays null.</summary>
    public byte[]? ReadBuffer()
    {
        var bytes = ReadBytes(out var isNull);
        return isNull ? null : bytes.ToArray();
    }

    /// <summary>A string; null stays null.</summary>
    public string? ReadString()
    {
        var bytes = ReadBytes(out var isNull);
        return isNull ? null : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A string that must not be null.</summary>
    public string ReadRequiredString()
    {
        var bytes = ReadBytes(out var isNull);
        if (isNull) Malformed = true;
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The bytes of a buffer or string, in place.</summary>
    public ReadOnlySpan<byte> ReadBytes(out bool isNull)
    {
        var length = ReadInt();
        isNull = length == -1;
        if (!isNull && Take(length, out var bytes)) return bytes;
        return [];
    }

    /// <summary>
    /// The number of elements of a vector, each of which takes at least <paramref name="smallest"/> bytes.
    /// </summary>
    public int ReadCount(int smallest)
    {
        var count = ReadInt();
        if (count == -1) return 0;
        if (count >= 0 && (long)count * smallest <= _rest.Length) return count;
        Malformed = true;
        return 0;
    }

    /// <summary>A vector of strings, none of them null; a null vector is an empty one.</summary>
    public string[] ReadStrings()
    {
        var count = ReadCount(smallest: sizeof(int));
        if (count == 0) return [];
        var strings = new string[count];
        for (var i = 0; i < count; i++) strings[i] = ReadRequiredString();
        return strings;
    }

    /// <summary>Passes over bytes that are known already.</summary>
    public bool SkipIf(ReadOnlySpan<byte> expected)
    {
        if (!_rest.StartsWith(expected)) return false;
        _rest = _rest[expected.Length..];
        return true;
    }

    bool Take(int length, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)length > (uint)_rest.Length || Malformed)
        {
            Malformed = true;
            bytes = [];
            return false;
        }
        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
