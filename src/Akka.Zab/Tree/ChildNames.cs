using System.Collections;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// The names of a znode's children in the tree's own form: a long list of children takes no memory of its own, however
/// many clients ask for it and however slowly they read it. It holds the version of the tree that was asked.
/// </summary>
/// <param name="children">Of a committed tree.</param>
internal sealed class ChildNames(OrderedMap<Znode, ZnodeHead> children) : IReadOnlyList<string>, IInPlace<string>
{
    /// <summary>How many there are.</summary>
    public int Count => children.Count;

    /// <summary>By its place in the order of names; takes as long as the way there.</summary>
    public string this[int index] => this.ElementAt(index);

    /// <summary>The children themselves, for those who need no strings.</summary>
    public OrderedMapEnumerator<Znode, ZnodeHead> GetEnumerator() => children.GetEnumerator();

    /// <summary>As strings.</summary>
    public string[] ToArray()
    {
        var names = new string[children.Count];
        var count = 0;
        foreach (ref readonly var child in children)
            names[count++] = child.Head.NameString;
        return names;
    }

    IEnumerator<string> IEnumerable<string>.GetEnumerator()
    {
        foreach (var child in children)
            yield return child.Head.NameString;
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<string>)this).GetEnumerator();
}
