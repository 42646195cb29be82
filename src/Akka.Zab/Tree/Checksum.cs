using System.Buffers.Binary;
using System.Numerics;

namespace Akka.Zab.Tree;

/// <summary>CRC-32C (Castagnoli), which processors compute themselves.</summary>
internal static class Checksum
{
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
