using System.Numerics;
using System.Text;

namespace Akka.Util;

/// <summary>MurmurHash3 (32 bits, x86 variant) over bytes; a hash that is the same in every process.</summary>
public static class MurmurHash
{
    const uint Seed = 0x971e137b;

    public static int ByteHash(byte[] b)
    {
        var hash = Seed;
        var i = 0;
        for (; i + 4 <= b.Length; i += 4)
            hash = Mix(hash, BitConverter.ToUInt32(b, i));
        uint tail = 0;
        for (var shift = 0; i < b.Length; i++, shift += 8)
            tail |= (uint)b[i] << shift;
        hash ^= Scramble(tail);
        hash ^= (uint)b.Length;
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        return unchecked((int)(hash ^ (hash >> 16)));
    }

    public static int StringHash(string s) => ByteHash(Encoding.Unicode.GetBytes(s));

    static uint Mix(uint hash, uint block) => BitOperations.RotateLeft(hash ^ Scramble(block), 13) * 5 + 0xe6546b64;

    static uint Scramble(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
}
