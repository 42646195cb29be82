namespace Akka.Zab.Tree;

/// <summary>A page that holds pages.</summary>
internal sealed class MapBranch<TItem, TKey>(object owner, KeyedSlots<MapBranch<TItem, TKey>.Child, TKey> children)
    : MapPage<TItem, TKey>(owner)
    where TItem : struct, IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    public KeyedSlots<Child, TKey> Children = children;

    public override int Count => Children.Count;

    public override TKey FirstKey => Children[0].Key;

    /// <summary>A branch over two pages.</summary>
    public static MapBranch<TItem, TKey> Over(object owner, MapPage<TItem, TKey> left, MapPage<TItem, TKey> right)
    {
        var children = new KeyedSlots<Child, TKey>();
        children.Insert(0, new Child(left.FirstKey, left));
        children.Insert(1, new Child(right.FirstKey, right));
        return new MapBranch<TItem, TKey>(owner, children);
    }

    /// <summary>The child in which what is sought is, if anywhere. The first child has no lower bound.</summary>
    public int Search<TProbe>(scoped TProbe probe)
        where TProbe : struct, IProbe<TKey>, allows ref struct
    {
        var index = Children.Search(probe, out var found);
        return found || index == 0 ? index : index - 1;
    }

    public override MapPage<TItem, TKey> OwnedBy(object owner) =>
        ReferenceEquals(Owner, owner) ? this : new MapBranch<TItem, TKey>(owner, Children.Copy());

    public override bool Add<TProbe>(
        in TItem item, scoped TProbe probe, object owner, bool isLast, out MapPage<TItem, TKey>? right)
    {
        right = null;
        var index = Search(probe);
        ref var child = ref Children[index].Page;
        child = child.OwnedBy(owner);
        if (!child.Add(item, probe, owner, isLast && index == Count - 1, out var split))
            return false;
        if (split is null)
            return true;
        // Only here can a key come before that of a first child, which has no lower bound.
        if (index == 0)
            Children.Replace(0, new Child(child.FirstKey, child));
        var added = new Child(split.FirstKey, split);
        if (Children.IsFull)
            right = new MapBranch<TItem, TKey>(owner, Split(ref Children, index + 1, added, isLast));
        else
            Children.Insert(index + 1, added);
        return true;
    }

    public override bool Remove<TProbe>(scoped TProbe probe, object owner)
    {
        var index = Search(probe);
        var child = Children[index].Page = Children[index].Page.OwnedBy(owner);
        if (!child.Remove(probe, owner))
            return false;
        if (child.Count == 0)
            Children.RemoveAt(index);
        else if (index + 1 < Count && child.ShouldMergeWith(Children[index + 1].Page))
            Merge(index, owner);
        else if (index > 0 && child.ShouldMergeWith(Children[index - 1].Page))
            Merge(index - 1, owner);
        return true;
    }

    // A first child may hold keys that come before its own in the branch; behind another branch it is not the first,
    // and its key must be the one that stood for the whole branch.
    public override void Append(MapPage<TItem, TKey> right, TKey from)
    {
        var others = ((MapBranch<TItem, TKey>)right).Children.Copy();
        others.Replace(0, new Child(from, others[0].Page));
        Children.Append(others);
    }

    private void Merge(int left, object owner)
    {
        var page = Children[left].Page = Children[left].Page.OwnedBy(owner);
        page.Append(Children[left + 1].Page, Children[left + 1].Key);
        Children.RemoveAt(left + 1);
    }

    /// <summary>
    /// A page below, and a key that none in it but the first child's comes before. It need not be there any more.
    /// </summary>
    public struct Child(TKey from, MapPage<TItem, TKey> page) : IKeyed<TKey>
    {
        public readonly TKey Key => from;

        public MapPage<TItem, TKey> Page = page;
    }
}
