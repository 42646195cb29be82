using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Akka.Zab.Tree;

/// <summary>A key as a sequence of units that compare in order: bytes, say.</summary>
internal interface IKey<TKey>
    where TKey : struct, IKey<TKey>
{
    /// <summary>How many units the two have in common at their beginning.</summary>
    int CommonPrefix(TKey other);

    /// <summary>
    /// The next units after the first few, as a number that orders as they do; 0 stands for no more units.
    /// </summary>
    uint Hint(int skip);
}

/// <summary>Something that is stored under a key.</summary>
internal interface IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    TKey Key { get; }
}

/// <summary>A key to look for, which need not be a <typeparamref name="TKey"/> itself.</summary>
internal interface IProbe<TKey>
    where TKey : struct, IKey<TKey>
{
    /// <summary>Negative if what is sought comes before the key, 0 if it is the key, else positive.</summary>
    int CompareWith(TKey key);

    /// <summary>
    /// As <see cref="CompareWith"/>, with only the first few units of both; the key has at least so many.
    /// </summary>
    int ComparePrefix(TKey key, int length);

    /// <summary>As <see cref="IKey{TKey}.Hint"/>.</summary>
    uint Hint(int skip);
}

/// <summary>What a page of an <see cref="OrderedMap{TItem,TKey}"/> holds, in the order of the keys.</summary>
/// <remarks>
/// To follow a key into memory costs more than to compare it. So a page of more than a few slots keeps a hint for each:
/// the next units of its key after those that all have in common. One vector comparison finds the place, and mostly
/// only one key is looked at.
/// </remarks>
internal struct KeyedSlots<TSlot, TKey>
    where TSlot : struct, IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    /// <summary>
    /// The most that a page holds: one bit of a mask for each. A copy stays cheap, and a million are four levels.
    /// </summary>
    public const int Capacity = 32;

    private const int MaxWithoutHints = 8;

    private TSlot[] slots;

    // Never changed, so copies of the page share them: to set data moves nothing.
    private uint[]? hints;
    private int skip;

    public KeyedSlots() => slots = [];

    private KeyedSlots(TSlot[] slots)
    {
        this.slots = slots;
        Count = slots.Length;
        MakeHints();
    }

    public int Count { get; private set; }

    /// <summary>Takes over slots in the order of their keys.</summary>
    public static KeyedSlots<TSlot, TKey> Of(TSlot[] slots) => new(slots);

    public readonly bool IsFull => Count == Capacity;

    public readonly ref TSlot this[int index] => ref slots[index];

    public readonly KeyedSlots<TSlot, TKey> Copy() =>
        this with { slots = slots.AsSpan(0, Count).ToArray() };

    /// <summary>The index of the first slot that does not come before what is sought.</summary>
    public readonly int Search<TProbe>(scoped TProbe probe, out bool found)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        found = false;
        var from = 0;
        var to = Count;
        if (hints is not null)
        {
            var order = skip == 0 ? 0 : probe.ComparePrefix(slots[0].Key, skip);
            if (order != 0)
                return order < 0 ? 0 : Count;
            (from, to) = Narrow(hints, Count, probe.Hint(skip));
        }

        while (from < to)
        {
            var middle = (from + to) >> 1;
            var order = probe.CompareWith(slots[middle].Key);
            if (order == 0)
            {
                found = true;
                return middle;
            }

            if (order > 0)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }

    public void Insert(int index, in TSlot slot)
    {
        // Most pages belong to small maps, so they grow a little at a time.
        if (Count == slots.Length)
            Array.Resize(ref slots, Math.Min(Capacity, Count < 4 ? Count + 1 : Count + 4));
        Array.Copy(slots, index, slots, index + 1, Count - index);
        slots[index] = slot;
        Count++;
        if (hints is null || slot.Key.CommonPrefix(slots[index == 0 ? 1 : 0].Key) < skip)
            MakeHints();
        else
            hints = InsertHint(hints, Count - 1, index, slot.Key.Hint(skip));
    }

    /// <summary>Puts another slot, with another key, in the place of one; the order must stay.</summary>
    public void Replace(int index, in TSlot slot)
    {
        slots[index] = slot;
        MakeHints();
    }

    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(slots, index + 1, slots, index, Count - index);
        slots[Count] = default;
        if (hints is null || Count <= MaxWithoutHints)
            MakeHints();
        else
            hints = RemoveHint(hints, Count + 1, index);
    }

    /// <summary>Keeps the first slots and gives those from an index on.</summary>
    public KeyedSlots<TSlot, TKey> SplitAt(int index)
    {
        var rest = new KeyedSlots<TSlot, TKey>(slots.AsSpan(index, Count - index).ToArray());
        if (index < Count)
            this = new KeyedSlots<TSlot, TKey>(slots[..index]);
        return rest;
    }

    public void Append(in KeyedSlots<TSlot, TKey> other) => this = new KeyedSlots<TSlot, TKey>(
        [.. slots.AsSpan(0, Count), .. other.slots.AsSpan(0, other.Count)]);

    /// <summary>Which slots have this hint; between the two bounds, which are equal if none has.</summary>
    private static (int From, int To) Narrow(uint[] hints, int count, uint hint)
    {
        var sought = Vector256.Create(hint);
        var below = 0u;
        var equal = 0u;
        for (var i = 0; i < hints.Length; i += Vector256<uint>.Count)
        {
            var some = Vector256.LoadUnsafe(ref hints[0], (nuint)i);
            below |= Vector256.LessThan(some, sought).ExtractMostSignificantBits() << i;
            equal |= Vector256.Equals(some, sought).ExtractMostSignificantBits() << i;
        }

        var inUse = uint.MaxValue >> (Capacity - count);
        var from = BitOperations.PopCount(below & inUse);
        return (from, from + BitOperations.PopCount(equal & inUse));
    }

    private void MakeHints()
    {
        hints = null;
        if (Count <= MaxWithoutHints)
            return;
        // They are in order: what the first and the last have in common, all have.
        skip = slots[0].Key.CommonPrefix(slots[Count - 1].Key);
        hints = NewHints(Count);
        for (var i = 0; i < Count; i++)
            hints[i] = slots[i].Key.Hint(skip);
    }

    private static uint[] NewHints(int count) =>
        new uint[(count + Vector256<uint>.Count - 1) / Vector256<uint>.Count * Vector256<uint>.Count];

    private static uint[] InsertHint(uint[] hints, int count, int index, uint hint)
    {
        var result = NewHints(count + 1);
        hints.AsSpan(0, index).CopyTo(result);
        result[index] = hint;
        hints.AsSpan(index, count - index).CopyTo(result.AsSpan(index + 1));
        return result;
    }

    private static uint[] RemoveHint(uint[] hints, int count, int index)
    {
        var result = NewHints(count - 1);
        hints.AsSpan(0, index).CopyTo(result);
        hints.AsSpan(index + 1, count - index - 1).CopyTo(result.AsSpan(index));
        return result;
    }
}
