using System.Runtime.CompilerServices;

namespace Akka.Zab.Tree;

/// <summary>
/// Changes come in runs that concern the children of one znode. Where the last one was is remembered, so that the next
/// need not come down from the root again. It is never a znode that is removed: that one's parent was looked for last.
/// </summary>
internal sealed partial class TreeEdit
{
    private readonly byte[] nearPath = new byte[PathBytes.OnStack];
    private int nearLength;
    private Parent? near;

    // What is remembered is this edit's own as long as its token is; a parent that is not may have been copied since.
    private object? nearToken;

    /// <summary>The znode for this edit to change, or a null reference; its parents are this edit's own then.</summary>
    private ref Znode FindForChange(scoped ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        if (slash < 0)
            return ref state.Root;
        var name = path[(slash + 1)..];
        if (Nearby(path[..slash]) is { } known)
            return ref known.Children.FindForChange(new NameProbe(name), token);
        ref var above = ref FindFromRoot(path[..slash]);
        if (Unsafe.IsNullRef(in above) || above.Body is not Parent parent)
            return ref Unsafe.NullRef<Znode>();
        above.Body = parent = parent.OwnedBy(token);
        Remember(path[..slash], parent);
        return ref parent.Children.FindForChange(new NameProbe(name), token);
    }

    /// <summary>
    /// What has the last name of the path for a child, for this edit to change; null if there is no such znode.
    /// </summary>
    private Parent? FindParentForChange(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        var slash = path.LastIndexOf((byte)'/');
        name = path[(slash + 1)..];
        var parentPath = path[..slash];
        if (Nearby(parentPath) is { } known)
            return known;
        ref var znode = ref FindFromRoot(parentPath);
        if (Unsafe.IsNullRef(in znode))
            return null;
        var parent = OwnParent(ref znode);
        Remember(parentPath, parent);
        return parent;
    }

    /// <summary>A znode that is not to be changed, or a null reference.</summary>
    private ref readonly Znode Find(scoped ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        if (slash >= 0 && Nearby(path[..slash]) is { } parent)
            return ref parent.Children.Find(new NameProbe(path[(slash + 1)..]));
        return ref TreeState.Find(ref state.Root, path);
    }

    private ref Znode FindFromRoot(scoped ReadOnlySpan<byte> path)
    {
        ref var znode = ref state.Root;
        while (PathBytes.NextName(ref path, out var name))
        {
            if (znode.Body is not Parent parent)
                return ref Unsafe.NullRef<Znode>();
            znode.Body = parent = parent.OwnedBy(token);
            znode = ref parent.Children.FindForChange(new NameProbe(name), token);
            if (Unsafe.IsNullRef(in znode))
                break;
        }

        return ref znode;
    }

    private Parent? Nearby(scoped ReadOnlySpan<byte> path) =>
        ReferenceEquals(nearToken, token) && path.SequenceEqual(nearPath.AsSpan(0, nearLength)) ? near : null;

    private void Remember(scoped ReadOnlySpan<byte> path, Parent parent)
    {
        if (path.Length > nearPath.Length)
            return;
        path.CopyTo(nearPath);
        nearLength = path.Length;
        near = parent;
        nearToken = token;
    }
}
