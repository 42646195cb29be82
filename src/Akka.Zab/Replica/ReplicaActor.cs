using Akka.Actor;
using Akka.Event;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Replica;

/// <summary>
/// <c>/user/zab/replica</c>: the one owner of the committed tree and of the watches. Commits, reads and registrations
/// of watches all pass through its mailbox, so a client sees an event before it sees what the event is about. What a
/// session gets leaves in one message per batch, in the order in which it arose.
/// </summary>
internal sealed class ReplicaActor : UntypedActor
{
    private readonly Attachments _attachments = new();
    private readonly Queue<Answer> _heldAnswers = new();
    private readonly List<Attachment> _noted = [];
    private readonly List<FiredWatch> _fired = [];
    private readonly Dictionary<string, IReadOnlyList<Acl>> _removedAcls = new(StringComparer.Ordinal);
    private readonly List<WatchEvent> _late = [];
    private readonly List<(WatchKind Kind, string Path)> _toRegister = [];
    private WatchTable _watches = new();
    private ZnodeTree _tree = ZnodeTree.Empty;

    private readonly List<string> _overQuota = [];
    private readonly ChangeLog _changes = new();
    private readonly List<PastEvent> _past = [];
    private readonly bool _denyOpen;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public ReplicaActor(TreeRules rules) => _denyOpen = rules.DenyOpen;

    /// <param name="rules">What the settings decide about the tree; null for the defaults.</param>
    public static Props Props(TreeRules? rules = null) =>
        Actor.Props.Create(typeof(ReplicaActor), rules ?? TreeRules.Default);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SubmitReads submitted:
                OnReads(submitted);
                break;
            case CommitBatches commit:
                OnCommit(commit.Batches, commit.Made);
                break;
            case DeliverAnswers deliver:
                foreach (ref readonly var answer in deliver.Answers.AsSpan()) _heldAnswers.Enqueue(answer);
                ReleaseAnswers();
                break;
            case AttachSession attach:
                _attachments.Add(new Attachment(attach.Connection, attach.SessionId, attach.Session, attach.Who));
                var isGlobal = _tree.TryGetSession(attach.SessionId, out _);
                attach.Session.Tell(new SessionAttached(_tree.LastZxid) { IsGlobal = isGlobal }, Self);
                break;
            case IdentitiesChanged changed:
                if (_attachments.TryGet(changed.Connection, out var known)) known.Who = changed.Who;
                break;
            case DetachSession detach:
                if (_attachments.Remove(detach.Connection)) _watches.Remove(detach.Connection);
                break;
            case ServingChanged { Serving: false }:
                Forget();
                break;
            case ServingChanged:
                break;
            case ResetReplica reset:
                Forget();
                _tree = reset.Tree;
                _changes.Reset(_tree.LastZxid);
                break;
            case GetTree:
                Sender.Tell(new TreeSnapshot(_tree));
                break;
            case GetWatches:
                Sender.Tell(new WatchesOfSessions(WatchesOnData()));
                break;
            case GetReplicaStatus:
                Sender.Tell(new ReplicaStatus(
                    _tree.LastZxid, _tree.Count, _tree.EphemeralCount, _tree.DataBytes, _watches.Count,
                    _watches.PathCount, _tree.SessionCount, _attachments.Count));
                break;
            default:
                Unhandled(message);
                break;
        }
        Flush();
    }

    private void OnCommit(TxnBatch[] batches, LoggedTxn[]?[]? made)
    {
        var edit = _tree.Edit(_removedAcls, _overQuota);
        for (var i = 0; i < batches.Length; i++)
        {
            var batch = batches[i];
            // A commit may be told again, after a synchronisation; it may not be missing.
            if (batch.LastZxid <= edit.LastZxid) continue;
            if (batch.FirstZxid > edit.LastZxid && !Follows(edit.LastZxid, batch.FirstZxid))
                throw new CommitGapException(edit.LastZxid, batch.FirstZxid);
            _changes.Add(batch);
            foreach (ref readonly var txn in (made?[i] ?? TxnCodec.Decode(batch)).AsSpan())
            {
                if (txn.Header.Zxid > edit.LastZxid) Apply(edit, txn);
            }
        }
        _tree = edit.Commit();
        ReleaseAnswers();
    }

    private void Apply(TreeEdit edit, in LoggedTxn txn)
    {
        Attachment? asker = null;
        Reply? reply = null;
        if (txn.Header.RequestId != 0 && _attachments.TryGet(txn.Header.SessionId, txn.Header.RequestId, out asker))
            reply = edit.Apply(txn);
        else
            edit.ApplyUnanswered(txn);
        var zxid = txn.Header.Zxid;
        _watches.Fire(txn, _fired);
        if (_fired.Count > 0) TellEvents(edit, zxid);
        if (_removedAcls.Count > 0)
        {
            _changes.AddRemoved(zxid, _removedAcls);
            _removedAcls.Clear();
        }
        if (_overQuota.Count > 0) WarnOfQuotas();
        if (reply is not null)
        {
            Note(asker!);
            asker!.AddAnswer(txn.Header.RequestId, zxid, reply);
            ReadWaiting(asker, edit);
        }
        if (txn.Body is CloseSessionTxn) TellEnd(txn.Header.SessionId);
        while (_heldAnswers.TryPeek(out var answer) && answer.After <= zxid)
        {
            _heldAnswers.Dequeue();
            Release(answer, zxid, edit);
        }
    }

    private void WarnOfQuotas()
    {
        foreach (var path in _overQuota) _log.Warning("The quota of {0} is exceeded.", path);
        _overQuota.Clear();
    }

    /// <summary>Tells those who may read what it is about; to the others a watch is gone without a word.</summary>
    private void TellEvents(TreeEdit edit, long zxid)
    {
        WatchEvent? before = null;
        IReadOnlyList<Acl>? acl = null;
        foreach (var fired in _fired)
        {
            if (!_attachments.TryGet((int)fired.Watcher, out var watcher)) continue;
            if (!ReferenceEquals(fired.Event, before)) acl = AclOf(fired.Event, edit);
            before = fired.Event;
            if (!AclRules.Permits(acl, Permissions.Read, watcher.Who, _denyOpen)) continue;
            Note(watcher);
            watcher.Add(0, zxid, fired.Event);
        }
        _fired.Clear();
    }

    /// <summary>The ACL of the znode in an event, null if open; if it is gone, the one that it had.</summary>
    private IReadOnlyList<Acl>? AclOf(WatchEvent fired, TreeEdit edit)
    {
        if (fired.Type != WatchEventType.NodeDeleted && edit.TryFind(fired.Path, out var znode)) return znode.Acl;
        return _removedAcls.GetValueOrDefault(fired.Path);
    }

    private void TellEnd(long sessionId)
    {
        for (var attachment = _attachments.OfSession(sessionId); attachment is not null; attachment = attachment.Next)
        {
            Note(attachment);
            attachment.Ended = true;
        }
    }

    private void ReleaseAnswers()
    {
        while (_heldAnswers.TryPeek(out var answer) && answer.After <= _tree.LastZxid)
        {
            _heldAnswers.Dequeue();
            Release(answer, _tree.LastZxid, null);
        }
    }

    private void Release(in Answer answer, long zxid, TreeEdit? edit)
    {
        if (!_attachments.TryGet(answer.SessionId, answer.RequestId, out var asker)) return;
        Note(asker);
        asker.AddAnswer(answer.RequestId, zxid, answer.Reply);
        ReadWaiting(asker, edit);
    }

    /// <summary>
    /// Makes the reads that followed the write just answered: in the middle of a batch, since the session's next write
    /// may be the next transaction, and a read must not see what its session asked for after it.
    /// </summary>
    private void ReadWaiting(Attachment attachment, TreeEdit? edit)
    {
        while (attachment.TryTakeWaiting(out var read))
        {
            if (edit is not null)
            {
                _tree = edit.Commit();
                edit = null;
            }
            Read(attachment, read);
        }
    }

    private void OnReads(SubmitReads submitted)
    {
        if (!_attachments.TryGet(submitted.Connection, out var attachment)) return;
        Note(attachment);
        attachment.Reserve(submitted.Reads.Length);
        foreach (ref readonly var read in submitted.Reads.AsSpan())
        {
            if (attachment.MustWait(read.AfterWrite)) attachment.Wait(read);
            else Read(attachment, read);
        }
    }

    private void Read(Attachment attachment, in NumberedRead read)
    {
        var operation = read.Operation;
        var reply = operation is GetData or Exists or GetChildren
            ? _tree.Read(operation, attachment.Who, _denyOpen)
            : Special(attachment, operation);
        switch (operation)
        {
            case GetData { Watch: true } when reply is DataReply:
            case Exists { Watch: true } when reply is StatReply or ErrorReply { Error: ZabError.NoNode }:
                _watches.Add(WatchKind.Data, operation.Path, attachment.Connection);
                break;
            case GetChildren { Watch: true } when reply is ChildrenReply:
                _watches.Add(WatchKind.Children, operation.Path, attachment.Connection);
                break;
        }
        attachment.Add(read.RequestId, _tree.LastZxid, reply);
    }

    private Reply Special(Attachment attachment, ReadRequest operation)
    {
        var connection = attachment.Connection;
        switch (operation)
        {
            case SetWatches watches:
                CatchUp(attachment, watches);
                return DoneReply.Instance;
            case AddWatch add:
                var kind = add.Mode == AddWatchMode.Persistent ? WatchKind.Persistent : WatchKind.Recursive;
                _watches.Add(kind, add.Path, connection);
                return DoneReply.Instance;
            case ResumeWatch resume:
                return Resume(attachment, resume);
            case RemoveWatches remove:
                return DoneOrNoWatcher(_watches.Remove(KindsOf(remove.Type), remove.Path, connection));
            case CheckWatches check:
                return DoneOrNoWatcher(_watches.Has(KindsOf(check.Type), check.Path, connection));
            case GetEphemerals ephemerals:
                return new PathsReply(EphemeralsOf(attachment.SessionId, ephemerals.Prefix));
            default:
                return _tree.Read(operation, attachment.Who, _denyOpen);
        }
    }

    /// <summary>Tells what happened since, and leaves the watch: nothing comes between, as all is one turn.</summary>
    private Reply Resume(Attachment attachment, ResumeWatch resume)
    {
        _past.Clear();
        if (!_changes.TryRead(resume.SinceZxid, resume.Path, resume.Mode, _past))
            return new ErrorReply(ZabError.ChangesForgotten);
        foreach (var (happened, isGone, aclThen) in _past)
        {
            var acl = !isGone && _tree.TryGet(happened.Path, out var znode) ? znode.Acl : aclThen;
            if (AclRules.Permits(acl, Permissions.Read, attachment.Who, _denyOpen))
                attachment.Add(0, happened.Zxid, happened);
        }
        var kind = resume.Mode == AddWatchMode.Persistent ? WatchKind.Persistent : WatchKind.Recursive;
        _watches.Add(kind, resume.Path, attachment.Connection);
        return DoneReply.Instance;
    }

    private string[] EphemeralsOf(long sessionId, string? prefix)
    {
        var all = _tree.EphemeralsOf(sessionId);
        // A blank prefix is all: blank as in Java, where every control character is.
        var everything = prefix is null or "/" || !prefix.AsSpan().ContainsAnyExceptInRange('\0', ' ');
        return [.. all.Where(path => everything || path.StartsWith(prefix!, StringComparison.Ordinal))];
    }

    private static Reply DoneOrNoWatcher(bool found) =>
        found ? DoneReply.Instance : new ErrorReply(ZabError.NoWatcher);

    private static WatchKind KindsOf(WatchType type) => type switch
    {
        WatchType.Children => WatchKind.Children,
        WatchType.Data => WatchKind.Data,
        WatchType.Persistent => WatchKind.Persistent,
        WatchType.PersistentRecursive => WatchKind.Recursive,
        _ => WatchKind.All,
    };

    private void CatchUp(Attachment attachment, SetWatches request)
    {
        WatchCatchUp.Sort(_tree, request, _late, _toRegister);
        foreach (var change in _late) attachment.Add(0, change.Zxid, change);
        foreach (var (kind, path) in _toRegister) _watches.Add(kind, path, attachment.Connection);
        _late.Clear();
        _toRegister.Clear();
    }

    private void Note(Attachment attachment)
    {
        if (attachment.Noted) return;
        attachment.Noted = true;
        _noted.Add(attachment);
    }

    private void Flush()
    {
        foreach (var attachment in _noted)
        {
            attachment.Noted = false;
            var results = attachment.TakeResults();
            if (results.Length > 0) attachment.Session.Tell(new SessionResults(results), Self);
            if (attachment.Ended) attachment.Session.Tell(new SessionEnded(), Self);
        }
        _noted.Clear();
    }

    private WatchOfSession[] WatchesOnData()
    {
        var watches = new List<WatchOfSession>();
        foreach (var (path, watcher) in _watches.Of(WatchKind.Data | WatchKind.Persistent | WatchKind.Recursive))
        {
            if (_attachments.TryGet((int)watcher, out var attachment))
                watches.Add(new WatchOfSession(path, attachment.Connection, attachment.SessionId));
        }
        return [.. watches];
    }

    private void Forget()
    {
        _attachments.Clear();
        _heldAnswers.Clear();
        _watches = new WatchTable();
    }

    // Within an epoch the zxids are consecutive; an epoch begins with 1.
    private static bool Follows(long last, long next) =>
        next == last + 1 || ((next >> 32) > (last >> 32) && (next & uint.MaxValue) == 1);
}
