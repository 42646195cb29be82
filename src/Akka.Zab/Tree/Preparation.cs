using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>What became of a request: a transaction to propose, or the answer to a request that makes none.</summary>
/// <param name="Txn">The transaction, or null.</param>
/// <param name="Answer">The answer if there is no transaction, else null.</param>
internal readonly record struct Prepared(Txn? Txn, Reply? Answer);

/// <summary>
/// Judges requests against the leader's head, the tree with everything that was proposed, and turns those that hold
/// into transactions. The order of the checks is ZooKeeper's, since it decides which error a client sees.
/// </summary>
internal static class Preparation
{
    // What fits into the 40 bits that ZooKeeper has for it.
    private const long MaxTimeToLiveMs = (1L << 40) - 1;

    /// <summary>So many paths of a multi are compared with each other, each with each.</summary>
    private const int MaxCompared = 32;

    /// <param name="head">The tree to judge against. It is the same afterwards.</param>
    /// <param name="request">A request that ends in a transaction; <see cref="Sync"/> and reattachment do not.</param>
    /// <param name="header">The header that the transaction will have.</param>
    /// <param name="who">The connection that asks.</param>
    /// <param name="rules">What the settings decide; null for the defaults.</param>
    /// <param name="local">Whether the session is a local one of the server that asks, which vouches for it.</param>
    public static Prepared Prepare(
        TreeEdit head, WriteRequest request, in TxnHeader header, Identities who, TreeRules? rules = null,
        bool local = false)
    {
        rules ??= TreeRules.Default;
        if (request is Reap reap)
        {
            return head.IsDue(reap.Path, header.Time, reap.MaxNeverUsedMs)
                ? new Prepared(new DeleteTxn(reap.Path), null)
                : Refuse(ZabError.NoNode);
        }

        if (request is OpenSession open)
            return Open(head, open, header);
        if (request is Check)
            return Refuse(ZabError.Unimplemented);
        if (!local && !head.TryGetSession(header.SessionId, out _))
            return Refuse(ZabError.SessionExpired);
        if (request is CloseSession)
            return new Prepared(new CloseSessionTxn([.. head.EphemeralsOf(header.SessionId)]), null);
        if (request is Multi multi)
            return Multi(head, multi, header, who, rules, local);
        if (local && LocalRules.MakesEphemeral(request))
            return Refuse(ZabError.EphemeralOnLocalSession);
        var error = Single(head, request, header, who, rules, out var txn);
        return error == ZabError.Ok ? new Prepared(txn, null) : Refuse(error);
    }

    /// <summary>Whether a connection may change what the ensemble is.</summary>
    public static bool MayReconfigure(TreeEdit head, Identities who) =>
        Existing(head, PathRules.Config, Permissions.Write, who, TreeRules.Default, out _) == ZabError.Ok;

    private static Prepared Refuse(ZabError error) => new(null, new ErrorReply(error));

    private static Prepared Open(TreeEdit head, OpenSession open, in TxnHeader header)
    {
        // The same request may arrive twice; another session of the same id is never overwritten.
        if (head.TryGetSession(header.SessionId, out var known) && !known.Secret.AsSpan().SequenceEqual(open.Secret))
            return Refuse(ZabError.SessionExpired);
        return new Prepared(new OpenSessionTxn(open.Secret, open.TimeoutMs), null);
    }

    /// <summary>
    /// Each operation is judged against the effects of those before it. They are undone before this returns, counters
    /// of parents included, so that a multi that fails leaves no trace and one that holds is applied by its
    /// transaction.
    /// </summary>
    private static Prepared Multi(
        TreeEdit head, Multi multi, in TxnHeader header, Identities who, TreeRules rules, bool local)
    {
        foreach (var operation in multi.Operations)
        {
            if (operation is not (Create or Delete or SetData or Check))
                return Refuse(ZabError.MarshallingError);
        }

        var parts = new Txn[multi.Operations.Count];
        TreeEdit.Savepoint? before = rules.EnforceQuota || !AreIndependent(multi.Operations) ? head.Save() : null;
        try
        {
            for (var i = 0; i < parts.Length; i++)
            {
                Txn? part = null;
                var error = local && LocalRules.MakesEphemeral(multi.Operations[i])
                    ? ZabError.EphemeralOnLocalSession
                    : Single(head, multi.Operations[i], header, who, rules, out part);
                if (error != ZabError.Ok)
                    return new Prepared(null, FailedMulti(parts.Length, i, error));
                parts[i] = part!;
                if (before is not null && i < parts.Length - 1)
                    head.ApplyPart(header, part!);
            }
        }
        finally
        {
            if (before is { } savepoint)
                head.Undo(savepoint);
        }

        return new Prepared(new MultiTxn(parts), null);
    }

    /// <summary>
    /// Whether none of the operations is judged otherwise for those before it: sets and checks of a few znodes, each of
    /// another. Then nothing needs to be undone, which would cost copies of all the pages that are touched.
    /// </summary>
    private static bool AreIndependent(IReadOnlyList<WriteRequest> operations)
    {
        if (operations.Count > MaxCompared)
            return false;
        for (var i = 0; i < operations.Count; i++)
        {
            if (PathOf(operations[i]) is not { } path)
                return false;
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (path == PathOf(operations[earlier]))
                    return false;
            }
        }

        return true;

        static string? PathOf(WriteRequest operation) => operation switch
        {
            SetData set => set.Path,
            Check check => check.Path,
            _ => null,
        };
    }

    private static MultiReply FailedMulti(int count, int failed, ZabError error)
    {
        var results = new Reply[count];
        results.AsSpan(0, failed).Fill(new ErrorReply(ZabError.Ok));
        results[failed] = new ErrorReply(error);
        results.AsSpan(failed + 1).Fill(new ErrorReply(ZabError.RuntimeInconsistency));
        return new MultiReply(results, error);
    }

    private static ZabError Single(
        TreeEdit head, WriteRequest request, in TxnHeader header, Identities who, TreeRules rules, out Txn? txn)
    {
        txn = null;
        return request switch
        {
            Create create => Creation(head, create, header, who, rules, out txn),
            Delete delete => Deletion(head, delete, who, rules, out txn),
            SetData set => Setting(head, set, who, rules, out txn),
            SetAcl set => SettingAcl(head, set, who, rules, out txn),
            Check check => Checking(head, check, who, rules, out txn),
            _ => ZabError.Unimplemented,
        };
    }

    private static ZabError Creation(
        TreeEdit head, Create create, in TxnHeader header, Identities who, TreeRules rules, out Txn? txn)
    {
        txn = null;
        if (create.Mode is < CreateMode.Persistent or > CreateMode.PersistentSequentialWithTtl)
            return ZabError.BadArguments;
        if (create.Mode.HasTimeToLive() && !rules.TimeToLive)
            return ZabError.Unimplemented;
        if (create.Mode.HasTimeToLive() ? create.TimeToLiveMs is < 1 or > MaxTimeToLiveMs : create.TimeToLiveMs != 0)
            return ZabError.BadArguments;
        if (create.Path is null)
            return ZabError.MarshallingError;
        if (!create.Path.Contains('/') || create.Path.Contains('\0'))
            return ZabError.BadArguments;
        if (!AclRules.TryResolve(create.Acl, who, out var acl) || (rules.DenyOpen && AclRules.IsOpen(acl)))
            return ZabError.InvalidAcl;

        var parentPath = PathRules.ParentOf(create.Path);
        if (!head.TryFind(parentPath, out var parent))
            return ZabError.NoNode;
        if (!AclRules.Permits(parent.Acl, Permissions.Create, who, rules.DenyOpen))
            return ZabError.NoAuth;

        var path = create.Mode.IsSequential() ? PathRules.WithCounter(create.Path, parent.Creations) : create.Path;
        if (!PathRules.IsValid(path))
            return ZabError.BadArguments;
        if (head.TryFind(path, out _))
            return ZabError.NodeExists;
        if (parent.EphemeralOwner != 0)
            return ZabError.NoChildrenForEphemerals;
        if (rules.EnforceQuota && head.IsForbidden(path, new QuotaUsage(1, create.Data?.Length ?? 0)))
            return ZabError.QuotaExceeded;

        var owner = create.Mode.IsEphemeral() ? header.SessionId : 0;
        var lifetime = create.Mode == CreateMode.Container ? HeadStat.Container : create.TimeToLiveMs;
        txn = new CreateTxn(path, create.Data, acl, owner, unchecked(parent.Creations + 1), lifetime);
        return ZabError.Ok;
    }

    private static ZabError Deletion(
        TreeEdit head, Delete delete, Identities who, TreeRules rules, out Txn? txn)
    {
        txn = null;
        if (delete.Path is null)
            return ZabError.MarshallingError;
        if (!delete.Path.Contains('/') || delete.Path.Contains('\0') || PathRules.IsReserved(delete.Path))
            return ZabError.BadArguments;

        var parentPath = PathRules.ParentOf(delete.Path);
        if (!head.TryFind(parentPath, out var parent))
            return ZabError.NoNode;
        if (!AclRules.Permits(parent.Acl, Permissions.Delete, who, rules.DenyOpen))
            return ZabError.NoAuth;
        if (!head.TryFind(delete.Path, out var node))
            return ZabError.NoNode;
        if (!Matches(delete.Version, node.Version))
            return ZabError.BadVersion;
        if (node.ChildCount != 0)
            return ZabError.NotEmpty;

        txn = new DeleteTxn(delete.Path);
        return ZabError.Ok;
    }

    private static ZabError Setting(TreeEdit head, SetData set, Identities who, TreeRules rules, out Txn? txn)
    {
        txn = null;
        var error = Existing(head, set.Path, Permissions.Write, who, rules, out var node);
        if (error != ZabError.Ok)
            return error;
        // What the ensemble is, only a reconfig changes.
        if (set.Path == PathRules.Config)
            return ZabError.BadArguments;
        if (rules.EnforceQuota && head.IsForbiddenToSet(set.Path, set.Data?.Length ?? 0))
            return ZabError.QuotaExceeded;
        if (!Matches(set.Version, node.Version))
            return ZabError.BadVersion;
        txn = new SetDataTxn(set.Path, set.Data, NextVersion(node.Version));
        return ZabError.Ok;
    }

    private static ZabError Checking(TreeEdit head, Check check, Identities who, TreeRules rules, out Txn? txn)
    {
        txn = CheckTxn.Instance;
        var error = Existing(head, check.Path, Permissions.Read, who, rules, out var node);
        return error != ZabError.Ok || Matches(check.Version, node.Version) ? error : ZabError.BadVersion;
    }

    private static ZabError SettingAcl(
        TreeEdit head, SetAcl set, Identities who, TreeRules rules, out Txn? txn)
    {
        txn = null;
        if (set.Path is null)
            return ZabError.MarshallingError;
        if (!PathRules.IsValid(set.Path))
            return ZabError.BadArguments;
        if (!AclRules.TryResolve(set.Acl, who, out var acl) || (rules.DenyOpen && AclRules.IsOpen(acl)))
            return ZabError.InvalidAcl;
        var error = Existing(head, set.Path, Permissions.Admin, who, rules, out var node);
        if (error != ZabError.Ok)
            return error;
        if (!Matches(set.Version, node.AclVersion))
            return ZabError.BadVersion;
        txn = new SetAclTxn(set.Path, acl, NextVersion(node.AclVersion));
        return ZabError.Ok;
    }

    private static ZabError Existing(
        TreeEdit head, string path, Permissions needed, Identities who, TreeRules rules, out ZnodeFacts node)
    {
        node = default;
        if (path is null)
            return ZabError.MarshallingError;
        if (!PathRules.IsValid(path))
            return ZabError.BadArguments;
        if (!head.TryFind(path, out node))
            return ZabError.NoNode;
        return AclRules.Permits(node.Acl, needed, who, rules.DenyOpen) ? ZabError.Ok : ZabError.NoAuth;
    }

    private static bool Matches(int expected, int actual) => expected == -1 || expected == actual;

    // -1 stands for "any" in requests, so no version is ever -1 by counting.
    private static int NextVersion(int version) => version == -2 ? 0 : unchecked(version + 1);
}
