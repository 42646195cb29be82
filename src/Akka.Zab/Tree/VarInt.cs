namespace Akka.Zab.Tree;

/// <summary>Numbers of seven bits to a byte, small on either side of 0 in one byte.</summary>
internal static class VarInt
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int MaxBytes = 10;

    public static int Write(Span<byte> to, long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var length = 0;
        for (; rest >= 0x80; rest >>= 7)
            to[length++] = (byte)(rest | 0x80);
        to[length++] = (byte)rest;
        return length;
    }

    public static long Read(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = 0;
        var shift = 0;
        byte b;
        do
        {
            b = from[at++];
            value |= (ulong)(b & 0x7F) << shift;
            shift += 7;
        }
        while (b >= 0x80);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
