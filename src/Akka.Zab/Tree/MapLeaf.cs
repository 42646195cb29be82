namespace Akka.Zab.Tree;

/// <summary>A page that holds items.</summary>
internal sealed class MapLeaf<TItem, TKey>(object owner, KeyedSlots<TItem, TKey> items) : MapPage<TItem, TKey>(owner)
    where TItem : struct, IKeyed<TKey>
    where TKey : struct, IKey<TKey>
{
    public KeyedSlots<TItem, TKey> Items = items;

    public override int Count => Items.Count;

    public override TKey FirstKey => Items[0].Key;

    public override MapPage<TItem, TKey> OwnedBy(object owner) =>
        ReferenceEquals(Owner, owner) ? this : new MapLeaf<TItem, TKey>(owner, Items.Copy());

    public override bool Add<TProbe>(
        in TItem item, scoped TProbe probe, object owner, bool isLast, out MapPage<TItem, TKey>? right)
    {
        right = null;
        var index = Items.Search(probe, out var found);
        if (found)
            return false;
        if (Items.IsFull)
            right = new MapLeaf<TItem, TKey>(owner, Split(ref Items, index, item, isLast));
        else
            Items.Insert(index, item);
        return true;
    }

    public override bool Remove<TProbe>(scoped TProbe probe, object owner)
    {
        var index = Items.Search(probe, out var found);
        if (found)
            Items.RemoveAt(index);
        return found;
    }

    public override void Append(MapPage<TItem, TKey> right, TKey from) =>
        Items.Append(((MapLeaf<TItem, TKey>)right).Items);
}
