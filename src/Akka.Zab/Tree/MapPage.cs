namespace Akka.Zab.Tree;

/// <summary>A page of an <see cref="OrderedMap{TItem,TKey}"/>.</summary>
internal abstract class MapPage<TItem, TKey>(object owner)
    where TItem : struct, IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    private const int Capacity = KeyedSlots<TItem, TKey>.Capacity;

    /// <summary>Below this a page looks for a neighbour to merge with.</summary>
    private const int Sparse = Capacity / 4;

    /// <summary>
    /// How much two pages may have together to become one; room is left, or the next addition would split it again.
    /// </summary>
    private const int Mergeable = Capacity * 3 / 4;

    /// <summary>The only edit that may change this page.</summary>
    protected readonly object Owner = owner;

    public abstract int Count { get; }

    /// <summary>The key that stands for this page in the branch above.</summary>
    public abstract TKey FirstKey { get; }

    /// <summary>This page if it belongs to the owner, else a copy that does.</summary>
    public abstract MapPage<TItem, TKey> OwnedBy(object owner);

    /// <param name="item">The item.</param>
    /// <param name="probe">Looks for its key.</param>
    /// <param name="owner">The owner of this page.</param>
    /// <param name="isLast">Whether this is the last page of its level.</param>
    /// <param name="right">The page that follows this one from now on, if it had to be split.</param>
    public abstract bool Add<TProbe>(
        in TItem item, scoped TProbe probe, object owner, bool isLast, out MapPage<TItem, TKey>? right)
        where TProbe : struct, IProbe<TKey>, allows ref struct;

    public abstract bool Remove<TProbe>(scoped TProbe probe, object owner)
        where TProbe : struct, IProbe<TKey>, allows ref struct;

    /// <summary>
    /// Appends what the page that follows this one holds. The owner must own this page; the other is not changed.
    /// </summary>
    /// <param name="right">The page that follows.</param>
    /// <param name="from">The key that stands for it in the branch above.</param>
    public abstract void Append(MapPage<TItem, TKey> right, TKey from);

    /// <summary>Whether the page is so empty that it should merge with this neighbour.</summary>
    public bool ShouldMergeWith(MapPage<TItem, TKey> neighbour) =>
        (Count < Sparse || neighbour.Count < Sparse) && Count + neighbour.Count <= Mergeable;

    /// <summary>
    /// Adds to a page that is full, and gives the rest of it. It is split in the middle, but items that come in order
    /// leave full pages behind.
    /// </summary>
    protected static KeyedSlots<TSlot, TKey> Split<TSlot>(
        ref KeyedSlots<TSlot, TKey> slots, int index, in TSlot added, bool isLast)
        where TSlot : struct, IKeyed<TKey>
    {
        var at = isLast && index == Capacity ? Capacity : Capacity / 2;
        var rest = slots.SplitAt(at);
        if (index < at)
            slots.Insert(index, added);
        else
            rest.Insert(index - at, added);
        return rest;
    }
}
