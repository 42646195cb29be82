using System.Text.RegularExpressions;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>
/// What the tree must do, written the plain way: a dictionary of paths that is copied before each request, and put back
/// if the request fails.
/// </summary>
internal sealed partial class TreeModel
{
    private static readonly string[] Reserved = ["/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"];

    private Dictionary<string, Node> nodes = Reserved.ToDictionary(p => p, _ => new Node { Data = [] });

    public TreeModel() => nodes["/zookeeper/config"] = new Node
    {
        Data = [],
        AclVersion = -1,
        Acl = [new Acl(Permissions.Read, "world", "anyone")],
    };

    public Dictionary<long, SessionRecord> Sessions { get; private set; } = [];

    public IEnumerable<string> Paths => nodes.Keys;

    public Stat StatOf(string path)
    {
        var n = nodes[path];
        var children = ChildrenOf(path).Count();
        return new Stat(
            n.Czxid, n.Mzxid, n.Ctime, n.Mtime, n.Version, (n.Creations * 2) - children, n.AclVersion, n.Owner,
            n.Data?.Length ?? 0, children, n.Pzxid);
    }

    public byte[]? DataOf(string path) => nodes[path].Data;

    public int DescendantsOf(string path) =>
        nodes.Keys.Count(p => p != path && p.StartsWith(path == "/" ? path : path + "/", StringComparison.Ordinal));

    public IReadOnlyList<Acl> AclOf(string path) => nodes[path].Acl;

    public IEnumerable<string> ChildrenOf(string path) => nodes.Keys
        .Where(p => p != "/" && ParentOf(p) == path).Select(p => p[(p.LastIndexOf('/') + 1)..])
        .Order(StringComparer.Ordinal);

    public IEnumerable<string> EphemeralsOf(long session) =>
        nodes.Where(n => n.Value.Owner == session).Select(n => n.Key).Order(StringComparer.Ordinal);

    public Reply Ask(WriteRequest request, long session, long zxid)
    {
        var before = nodes.ToDictionary(n => n.Key, n => n.Value.Copy());
        try
        {
            return request switch
            {
                OpenSession open => Open(open),
                Check => throw new Failure(ZabError.Unimplemented),
                _ when !Sessions.ContainsKey(session) => throw new Failure(ZabError.SessionExpired),
                Multi multi => Multi(multi, session, zxid),
                CloseSession => Close(session, zxid),
                _ => Do(request, session, zxid),
            };
        }
        catch (Failure failure)
        {
            nodes = before;
            return failure.Reply;
        }
    }

    private static string ParentOf(string path) => path.LastIndexOf('/') is var i && i == 0 ? "/" : path[..i];

    private SessionReply Open(OpenSession open)
    {
        if (Sessions.TryGetValue(open.SessionId, out var known) && !known.Secret.SequenceEqual(open.Secret))
            throw new Failure(ZabError.SessionExpired);
        Sessions[open.SessionId] = new SessionRecord(open.Secret, open.TimeoutMs);
        return new SessionReply(open.SessionId, open.Secret, open.TimeoutMs);
    }

    private DoneReply Close(long session, long zxid)
    {
        foreach (var path in EphemeralsOf(session).ToList())
            Remove(path, zxid);
        Sessions.Remove(session);
        return DoneReply.Instance;
    }

    private MultiReply Multi(Multi multi, long session, long zxid)
    {
        if (multi.Operations.Any(o => o is not (Create or Delete or SetData or Check)))
            throw new Failure(ZabError.MarshallingError);
        var results = new List<Reply>();
        foreach (var operation in multi.Operations)
        {
            try
            {
                results.Add(Do(operation, session, zxid));
            }
            catch (Failure failure)
            {
                var error = ((ErrorReply)failure.Reply).Error;
                throw new Failure(new MultiReply(
                    [
                        .. results.Select(_ => new ErrorReply(ZabError.Ok)), new ErrorReply(error),
                        .. multi.Operations.Skip(results.Count + 1)
                            .Select(_ => new ErrorReply(ZabError.RuntimeInconsistency)),
                    ],
                    error));
            }
        }

        return new MultiReply(results);
    }

    private Reply Do(WriteRequest request, long session, long zxid)
    {
        switch (request)
        {
            case Create create:
                Require(Enum.IsDefined(create.Mode), ZabError.BadArguments);
                Require(!create.Mode.HasTimeToLive(), ZabError.Unimplemented);
                Require(create.Path.Contains('/') && !create.Path.Contains('\0'), ZabError.BadArguments);
                Require(IsLegal(create.Acl), ZabError.InvalidAcl);
                var parentPath = ParentOf(create.Path);
                Require(nodes.TryGetValue(parentPath, out var parent), ZabError.NoNode);
                Require(parent!.May(Permissions.Create), ZabError.NoAuth);
                var path = create.Path + (create.Mode.IsSequential() ? parent.Creations.ToString("D10") : "");
                Require(LegalPath().IsMatch(path) && !Dots().IsMatch(path), ZabError.BadArguments);
                Require(!nodes.ContainsKey(path), ZabError.NodeExists);
                Require(parent.Owner == 0, ZabError.NoChildrenForEphemerals);
                parent.Creations++;
                parent.Pzxid = zxid;
                nodes[path] = new Node
                {
                    Data = create.Data,
                    Czxid = zxid,
                    Mzxid = zxid,
                    Pzxid = zxid,
                    Ctime = Edits.TimeOf(zxid),
                    Mtime = Edits.TimeOf(zxid),
                    Acl = create.Acl,
                    Owner = create.Mode.IsEphemeral() ? session : 0,
                };
                return new CreatedReply(path, StatOf(path));
            case Delete delete:
                Require(delete.Path.Contains('/') && !delete.Path.Contains('\0'), ZabError.BadArguments);
                Require(!Reserved.Contains(delete.Path), ZabError.BadArguments);
                Require(nodes.TryGetValue(ParentOf(delete.Path), out parent), ZabError.NoNode);
                Require(parent!.May(Permissions.Delete), ZabError.NoAuth);
                var node = Existing(delete.Path, delete.Version);
                Require(!ChildrenOf(delete.Path).Any(), ZabError.NotEmpty);
                Remove(delete.Path, zxid);
                return DoneReply.Instance;
            case SetData set:
                Require(LegalPath().IsMatch(set.Path) && !Dots().IsMatch(set.Path), ZabError.BadArguments);
                Require(nodes.TryGetValue(set.Path, out node), ZabError.NoNode);
                Require(node!.May(Permissions.Write), ZabError.NoAuth);
                node = Existing(set.Path, set.Version);
                node.Data = set.Data;
                node.Version++;
                node.Mzxid = zxid;
                node.Mtime = Edits.TimeOf(zxid);
                return new StatReply(StatOf(set.Path));
            case Check check:
                Require(LegalPath().IsMatch(check.Path) && !Dots().IsMatch(check.Path), ZabError.BadArguments);
                Require(nodes.TryGetValue(check.Path, out node), ZabError.NoNode);
                Require(node!.May(Permissions.Read), ZabError.NoAuth);
                Existing(check.Path, check.Version);
                return DoneReply.Instance;
            case SetAcl set:
                Require(LegalPath().IsMatch(set.Path) && !Dots().IsMatch(set.Path), ZabError.BadArguments);
                Require(IsLegal(set.Acl), ZabError.InvalidAcl);
                Require(nodes.TryGetValue(set.Path, out node), ZabError.NoNode);
                Require(node!.May(Permissions.Admin), ZabError.NoAuth);
                Require(set.Version == -1 || set.Version == node.AclVersion, ZabError.BadVersion);
                node.Acl = set.Acl;
                node.AclVersion++;
                return new StatReply(StatOf(set.Path));
            default:
                throw new Failure(ZabError.Unimplemented);
        }
    }

    private static bool IsLegal(IReadOnlyList<Acl> acl) =>
        acl.Count > 0 && acl.All(a => a.Scheme != "world" || a.Id == "anyone");

    private Node Existing(string path, int version)
    {
        Require(nodes.TryGetValue(path, out var node), ZabError.NoNode);
        Require(version == -1 || version == node!.Version, ZabError.BadVersion);
        return node!;
    }

    private void Remove(string path, long zxid)
    {
        nodes.Remove(path);
        nodes[ParentOf(path)].Pzxid = zxid;
    }

    private static void Require(bool condition, ZabError otherwise)
    {
        if (!condition)
            throw new Failure(otherwise);
    }

    [GeneratedRegex(@"^(/|(/[^/\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]+)+)\z")]
    private static partial Regex LegalPath();

    [GeneratedRegex(@"/\.{1,2}(/|\z)")]
    private static partial Regex Dots();

    private sealed class Failure(Reply reply) : Exception
    {
        public Failure(ZabError error)
            : this(new ErrorReply(error))
        {
        }

        public Reply Reply => reply;
    }

    private sealed class Node
    {
        public byte[]? Data;
        public long Czxid, Mzxid, Pzxid, Ctime, Mtime, Owner;
        public int Version, Creations, AclVersion;

        public IReadOnlyList<Acl> Acl = Client.Acl.Open;

        // The model's clients are nobody in particular.
        public bool May(Permissions needed) => Acl.Any(a => a.Scheme == "world" && (a.Permissions & needed) != 0);

        public Node Copy() => (Node)MemberwiseClone();
    }
}
