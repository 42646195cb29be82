using System.Collections.Immutable;
using Akka.Zab.Client;

namespace Akka.Zab.Simulation.Checking;

/// <summary>
/// What a tree of znodes does, one operation after another, written without regard to how the product does it. A value
/// of this type is one state; states that hold the same have the same hash.
/// </summary>
internal sealed class TreeModel
{
    private readonly ImmutableSortedDictionary<string, Node> nodes;

    /// <summary>A znode.</summary>
    /// <param name="Data">Its data, in hexadecimal digits; null for null.</param>
    /// <param name="Version">How often it was set.</param>
    /// <param name="Owner">Its session, if it is ephemeral.</param>
    /// <param name="Creations">How many children it ever had.</param>
    private readonly record struct Node(string? Data, int Version, long Owner, int Creations);

    private TreeModel(ImmutableSortedDictionary<string, Node> nodes, ulong hash)
    {
        this.nodes = nodes;
        Hash = hash;
    }

    /// <summary>The tree before the first transaction.</summary>
    public static TreeModel Empty { get; } = new TreeModel(
            ImmutableSortedDictionary.Create<string, Node>(StringComparer.Ordinal), 0)
        .With("/", new Node(null, 0, 0, 0))
        .With("/zookeeper", new Node(null, 0, 0, 0))
        .With("/zookeeper/config", new Node(null, 0, 0, 0))
        .With("/zookeeper/quota", new Node(null, 0, 0, 0));

    public ulong Hash { get; }

    /// <summary>
    /// The state after the operation, or null if it would not have been answered like that in this state.
    /// </summary>
    public TreeModel? Apply(Operation operation)
    {
        var (next, reply) = Do(operation.Session, operation.Request);
        return operation.Reply is null
            ? operation.Outcome == Outcome.Happened && reply is ErrorReply ? null : next
            : IsSame(operation.Reply, reply) ? next : null;
    }

    /// <summary>The state after a request of a session, and the answer. An error changes nothing.</summary>
    public (TreeModel Next, Reply Reply) Do(long session, Request request) => request switch
    {
        Create create => Created(session, create),
        Delete delete => Deleted(delete),
        SetData set => WithData(set),
        Check check => (this, Checked(check)),
        Multi multi => AllOf(session, multi),
        CloseSession => (Close(session), DoneReply.Instance),
        ReadRequest read => (this, Read(read)),
        _ => (this, DoneReply.Instance),
    };

    /// <summary>Whether the model knows what the request does.</summary>
    public static bool Knows(Request request) =>
        request is Create or Delete or SetData or Multi or CloseSession or GetData or Exists or GetChildren;

    private (TreeModel, Reply) Created(long session, Create create)
    {
        var parentPath = ParentOf(create.Path);
        if (!nodes.TryGetValue(parentPath, out var parent))
            return Refuse(ZabError.NoNode);
        var path = create.Mode.IsSequential() ? $"{create.Path}{parent.Creations:d10}" : create.Path;
        if (nodes.ContainsKey(path))
            return Refuse(ZabError.NodeExists);
        if (parent.Owner != 0)
            return Refuse(ZabError.NoChildrenForEphemerals);
        var owner = create.Mode.IsEphemeral() ? session : 0;
        var next = With(parentPath, parent with { Creations = parent.Creations + 1 })
            .With(path, new Node(Hex(create.Data), 0, owner, 0));
        return (next, new CreatedReply(path, default));
    }

    private (TreeModel, Reply) Deleted(Delete delete)
    {
        if (!nodes.TryGetValue(delete.Path, out var node))
            return Refuse(ZabError.NoNode);
        if (delete.Version != -1 && delete.Version != node.Version)
            return Refuse(ZabError.BadVersion);
        if (ChildrenOf(delete.Path).Count > 0)
            return Refuse(ZabError.NotEmpty);
        return (Without(delete.Path), DoneReply.Instance);
    }

    private (TreeModel, Reply) WithData(SetData set)
    {
        if (!nodes.TryGetValue(set.Path, out var node))
            return Refuse(ZabError.NoNode);
        if (set.Version != -1 && set.Version != node.Version)
            return Refuse(ZabError.BadVersion);
        var next = node with { Data = Hex(set.Data), Version = node.Version + 1 };
        return (With(set.Path, next), StatOf(next));
    }

    private Reply Checked(Check check)
    {
        if (!nodes.TryGetValue(check.Path, out var node))
            return new ErrorReply(ZabError.NoNode);
        return check.Version == -1 || check.Version == node.Version
            ? DoneReply.Instance : new ErrorReply(ZabError.BadVersion);
    }

    private (TreeModel, Reply) AllOf(long session, Multi multi)
    {
        var state = this;
        var replies = new List<Reply>();
        foreach (var part in multi.Operations)
        {
            (state, var reply) = state.Do(session, part);
            if (reply is ErrorReply { Error: var error })
                return (this, new MultiReply([], error));
            replies.Add(reply);
        }

        return (state, new MultiReply(replies));
    }

    private TreeModel Close(long session)
    {
        var next = this;
        foreach (var (path, node) in nodes)
        {
            if (node.Owner == session)
                next = next.Without(path);
        }

        return next;
    }

    private Reply Read(ReadRequest read)
    {
        if (!nodes.TryGetValue(read.Path, out var node))
            return new ErrorReply(ZabError.NoNode);
        return read switch
        {
            GetData => new DataReply(
                node.Data is null ? null : Convert.FromHexString(node.Data), new Stat { Version = node.Version }),
            Exists => StatOf(node),
            GetChildren => new ChildrenReply(ChildrenOf(read.Path), default),
            _ => DoneReply.Instance,
        };
    }

    private List<string> ChildrenOf(string path)
    {
        var prefix = path == "/" ? path : path + "/";
        var names = new List<string>();
        foreach (var other in nodes.Keys)
        {
            if (other.Length > prefix.Length && other.StartsWith(prefix, StringComparison.Ordinal)
                && other.IndexOf('/', prefix.Length) < 0)
                names.Add(other[prefix.Length..]);
        }

        return names;
    }

    private TreeModel With(string path, Node node)
    {
        var hash = Hash ^ HashOf(path, node);
        if (nodes.TryGetValue(path, out var before))
            hash ^= HashOf(path, before);
        return new TreeModel(nodes.SetItem(path, node), hash);
    }

    private TreeModel Without(string path) => new(nodes.Remove(path), Hash ^ HashOf(path, nodes[path]));

    private (TreeModel, Reply) Refuse(ZabError error) => (this, new ErrorReply(error));

    private static StatReply StatOf(Node node) => new(new Stat { Version = node.Version });

    private static string? Hex(byte[]? data) => data is null ? null : Convert.ToHexString(data);

    internal static string ParentOf(string path) => path.LastIndexOf('/') is var at and > 0 ? path[..at] : "/";

    /// <summary>Only what the model knows is compared: no zxids, no times.</summary>
    private static bool IsSame(Reply seen, Reply expected) => (seen, expected) switch
    {
        (ErrorReply one, ErrorReply other) => one.Error == other.Error,
        (CreatedReply one, CreatedReply other) => one.Path == other.Path,
        (StatReply one, StatReply other) => one.Stat.Version == other.Stat.Version,
        (DataReply one, DataReply other) => one.Stat.Version == other.Stat.Version && Hex(one.Data) == Hex(other.Data),
        (ChildrenReply one, ChildrenReply other) => one.Names.SequenceEqual(other.Names),
        (MultiReply { Error: not ZabError.Ok } one, MultiReply other) => one.Error == other.Error,
        (MultiReply one, MultiReply other) => one.Error == other.Error && one.Results.Count == other.Results.Count
            && one.Results.Zip(other.Results).All(pair => IsSame(pair.First, pair.Second)),
        _ => seen.GetType() == expected.GetType(),
    };

    private static ulong HashOf(string path, in Node node)
    {
        var hash = Mix(14695981039346656037, (ulong)node.Version, (ulong)node.Owner, (ulong)node.Creations);
        foreach (var letter in path)
            hash = (hash ^ letter) * 1099511628211;
        hash = Mix(hash, node.Data is null ? 0UL : 1UL);
        foreach (var letter in node.Data ?? "")
            hash = (hash ^ letter) * 1099511628211;
        return Mix(hash);
    }

    internal static ulong Mix(ulong hash, params ReadOnlySpan<ulong> parts)
    {
        foreach (var part in parts)
            hash = Stir(hash ^ Stir(part + 0x9E3779B97F4A7C15));
        return Stir(hash);

        static ulong Stir(ulong x)
        {
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }
}
