namespace Akka.Zab.Tree;

/// <summary>
/// Builds an <see cref="OrderedMap{TItem,TKey}"/> of items that come in order, from its leaves up: each page is made once,
/// when it is full, which is a fraction of the work of adding the items to a map.
/// </summary>
/// <param name="owner">Whom the pages belong to.</param>
internal sealed class SortedPages<TItem, TKey>(object owner)
    where TItem : struct, IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    private const int Capacity = KeyedSlots<TItem, TKey>.Capacity;

    // A level up for each: the pages that have no branch above them yet.
    private readonly List<List<MapBranch<TItem, TKey>.Child>> levels = [];
    private TItem[] leaf = [];
    private int inLeaf;
    private int count;

    /// <summary>Adds the next item; false, and no change, if its key does not come after all before.</summary>
    /// <param name="item">The item.</param>
    /// <param name="probe">Looks for its key.</param>
    public bool Add<TProbe>(in TItem item, scoped TProbe probe)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        if (inLeaf > 0 && probe.CompareWith(leaf[inLeaf - 1].Key) <= 0)
            return false;
        if (inLeaf == Capacity)
        {
            AddLeaf(leaf);
            leaf = new TItem[Capacity];
            inLeaf = 0;
        }
        else if (inLeaf == leaf.Length)
        {
            // Most maps are small.
            Array.Resize(ref leaf, inLeaf > 4 ? Capacity : inLeaf + 2);
        }

        leaf[inLeaf++] = item;
        count++;
        return true;
    }

    /// <summary>The map of all items. Nothing can be added any more.</summary>
    public OrderedMap<TItem, TKey> Finish()
    {
        if (count == 0)
            return default;
        AddLeaf(inLeaf == leaf.Length ? leaf : leaf[..inLeaf]);
        for (var level = 0; ; level++)
        {
            if (level == levels.Count - 1 && levels[level].Count == 1)
                return new OrderedMap<TItem, TKey>(levels[level][0].Page, count);
            AddBranch(level);
        }
    }

    private void AddLeaf(TItem[] items) => AddPage(
        0, items[0].Key, new MapLeaf<TItem, TKey>(owner, KeyedSlots<TItem, TKey>.Of(items)));

    private void AddPage(int level, TKey from, MapPage<TItem, TKey> page)
    {
        if (level == levels.Count)
            levels.Add([]);
        if (levels[level].Count == Capacity)
            AddBranch(level);
        levels[level].Add(new MapBranch<TItem, TKey>.Child(from, page));
    }

    private void AddBranch(int level)
    {
        var children = levels[level].ToArray();
        levels[level].Clear();
        var slots = KeyedSlots<MapBranch<TItem, TKey>.Child, TKey>.Of(children);
        AddPage(level + 1, children[0].Key, new MapBranch<TItem, TKey>(owner, slots));
    }
}
