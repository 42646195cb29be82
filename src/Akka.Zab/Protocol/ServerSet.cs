using System.Numerics;
using System.Runtime.CompilerServices;

namespace Akka.Zab.Protocol;

/// <summary>A set of server ids from 1 to 255. A value: a copy is a set of its own.</summary>
internal struct ServerSet : IEquatable<ServerSet>
{
    public const int Greatest = 255;

    [InlineArray(4)]
    private struct Words
    {
        private ulong first;
    }

    private Words words;

    public ServerSet(params ReadOnlySpan<int> servers)
    {
        foreach (var server in servers)
            Add(server);
    }

    public readonly int Count
    {
        get
        {
            var count = 0;
            foreach (var word in words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    public void Add(int server) => words[server >> 6] |= 1UL << (server & 63);

    public void Remove(int server) => words[server >> 6] &= ~(1UL << (server & 63));

    public void Clear() => words = default;

    public readonly bool Contains(int server) => (words[server >> 6] & (1UL << (server & 63))) != 0;

    public readonly bool Equals(ServerSet other) => ((ReadOnlySpan<ulong>)words).SequenceEqual(other.words);

    public override readonly bool Equals(object? obj) => obj is ServerSet other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(words[0], words[1], words[2], words[3]);

    /// <summary>The servers that are in both.</summary>
    public readonly ServerSet And(in ServerSet other)
    {
        var both = this;
        for (var i = 0; i < 4; i++)
            both.words[i] &= other.words[i];
        return both;
    }

    /// <summary>The servers that are in one of them.</summary>
    public readonly ServerSet Or(in ServerSet other)
    {
        var either = this;
        for (var i = 0; i < 4; i++)
            either.words[i] |= other.words[i];
        return either;
    }

    /// <summary>The servers that are in this set and not in the other.</summary>
    public readonly ServerSet Except(in ServerSet other)
    {
        var rest = this;
        for (var i = 0; i < 4; i++)
            rest.words[i] &= ~other.words[i];
        return rest;
    }
}
