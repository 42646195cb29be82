using System.Runtime.CompilerServices;

namespace Akka.Zab.Tree;

/// <summary>
/// An ordered map that is persistent in the functional sense: a B+ tree whose pages are shared between versions. A page
/// belongs to the edit that made it, which may change it in place; any other edit makes a copy first. So a batch of
/// changes copies each page that it touches once.
/// </summary>
/// <remarks>
/// Items are values in arrays, not objects, and pages are filled to the brim when items come in order, as sequential
/// znodes and snapshots do: a large map takes little more than its items.
/// </remarks>
internal struct OrderedMap<TItem, TKey>
    where TItem : struct, IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    private MapPage<TItem, TKey>? root;

    internal OrderedMap(MapPage<TItem, TKey> root, int count) => (this.root, Count) = (root, count);

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>The item with the key that is sought, or a null reference. Not to be kept over a change.</summary>
    public readonly ref readonly TItem Find<TProbe>(scoped TProbe probe)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        var page = root;
        while (page is MapBranch<TItem, TKey> branch)
            page = branch.Children[branch.Search(probe)].Page;
        if (page is null)
            return ref Unsafe.NullRef<TItem>();
        var leaf = Unsafe.As<MapLeaf<TItem, TKey>>(page);
        var index = leaf.Items.Search(probe, out var found);
        if (!found)
            return ref Unsafe.NullRef<TItem>();
        return ref leaf.Items[index];
    }

    /// <summary>
    /// The item with the key that is sought, for the owner to change (but for its key), or a null reference.
    /// </summary>
    public ref TItem FindForChange<TProbe>(scoped TProbe probe, object owner)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        if (root is null)
            return ref Unsafe.NullRef<TItem>();
        var page = root = root.OwnedBy(owner);
        while (page is MapBranch<TItem, TKey> branch)
        {
            ref var child = ref branch.Children[branch.Search(probe)].Page;
            page = child = child.OwnedBy(owner);
        }

        var leaf = Unsafe.As<MapLeaf<TItem, TKey>>(page);
        var index = leaf.Items.Search(probe, out var found);
        if (!found)
            return ref Unsafe.NullRef<TItem>();
        return ref leaf.Items[index];
    }

    /// <summary>Adds an item; false, and no change, if there is one with its key.</summary>
    public bool Add<TProbe>(in TItem item, scoped TProbe probe, object owner)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        root = root is null ? new MapLeaf<TItem, TKey>(owner, new KeyedSlots<TItem, TKey>()) : root.OwnedBy(owner);
        if (!root.Add(item, probe, owner, isLast: true, out var right))
            return false;
        if (right is not null)
            root = MapBranch<TItem, TKey>.Over(owner, root, right);
        Count++;
        return true;
    }

    /// <summary>Removes the item with the key that is sought; false if there is none.</summary>
    public bool Remove<TProbe>(scoped TProbe probe, object owner)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        if (root is null)
            return false;
        root = root.OwnedBy(owner);
        if (!root.Remove(probe, owner))
            return false;
        Count--;
        while (root is MapBranch<TItem, TKey> { Count: 1 } branch)
            root = branch.Children[0].Page;
        if (root.Count == 0)
            root = null;
        return true;
    }

    /// <summary>The items that do not come before what is sought, in the order of their keys.</summary>
    public readonly OrderedMapEnumerator<TItem, TKey> From<TProbe>(scoped TProbe probe)
        where TProbe : struct, IProbe<TKey>, allows ref struct =>
        OrderedMapEnumerator<TItem, TKey>.From(root, probe);

    /// <summary>The items in the order of their keys.</summary>
    public readonly OrderedMapEnumerator<TItem, TKey> GetEnumerator() => new(root);
}

/// <summary>Walks the items of one version of a map. It holds that version, whatever happens to the map.</summary>
internal struct OrderedMapEnumerator<TItem, TKey>
    where TItem : struct, IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    // From the root down: the branches on the way to the leaf, and for each the child to visit next.
    private Stack<(MapBranch<TItem, TKey> Branch, int Next)>? way;
    private MapLeaf<TItem, TKey>? leaf;
    private int index = -1;

    public OrderedMapEnumerator()
    {
    }

    internal OrderedMapEnumerator(MapPage<TItem, TKey>? root)
    {
        if (root is MapBranch<TItem, TKey> branch)
        {
            way = new Stack<(MapBranch<TItem, TKey>, int)>();
            way.Push((branch, 0));
        }
        else
        {
            leaf = (MapLeaf<TItem, TKey>?)root;
        }
    }

    /// <summary>Begins at the first item that does not come before what is sought.</summary>
    internal static OrderedMapEnumerator<TItem, TKey> From<TProbe>(MapPage<TItem, TKey>? root, scoped TProbe probe)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        var from = new OrderedMapEnumerator<TItem, TKey>();
        for (var page = root; page is not null;)
        {
            if (page is MapBranch<TItem, TKey> branch)
            {
                var child = branch.Search(probe);
                (from.way ??= new Stack<(MapBranch<TItem, TKey>, int)>()).Push((branch, child + 1));
                page = branch.Children[child].Page;
                continue;
            }

            from.leaf = (MapLeaf<TItem, TKey>)page;
            from.index = from.leaf.Items.Search(probe, out _) - 1;
            break;
        }

        return from;
    }

    public readonly ref readonly TItem Current => ref leaf!.Items[index];

    public bool MoveNext()
    {
        if (leaf is not null && ++index < leaf.Count)
            return true;
        leaf = null;
        while (way is { Count: > 0 })
        {
            var (branch, next) = way.Pop();
            if (next == branch.Count)
                continue;
            way.Push((branch, next + 1));
            if (branch.Children[next].Page is MapBranch<TItem, TKey> below)
            {
                way.Push((below, 0));
                continue;
            }

            leaf = (MapLeaf<TItem, TKey>)branch.Children[next].Page;
            index = 0;
            return true;
        }

        return false;
    }
}
