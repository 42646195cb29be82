using Akka.Actor;
using Akka.Persistence;
using Akka.Zab.History;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>
/// What outlives a server's process: the rows of its journal and the chunks of its snapshots. What it was given waits
/// until it is told to make it durable, and is lost if the process crashes before.
/// </summary>
internal sealed class StageDisk
{
    private readonly List<IPersistentRepresentation> rows = [];
    private readonly Dictionary<(string Name, long Number), object> chunks = [];
    private readonly Queue<Write> pending = new();
    private long lastRow;

    /// <summary>Something that was given to the disk.</summary>
    private sealed record Write(string Text, Action Make, Action Answer);

    /// <summary>Told of everything that is given to the disk.</summary>
    public Action<string> Given { get; set; } = static _ => { };

    /// <summary>How many writes are not durable yet.</summary>
    public int Pending => pending.Count;

    /// <summary>The rows that are durable.</summary>
    public IEnumerable<HistoryEvent> Rows => rows.Select(row => (HistoryEvent)row.Payload);

    /// <summary>What a server finds when it starts.</summary>
    public JournalState State
    {
        get
        {
            var state = new JournalState();
            foreach (var row in rows)
                state.Apply((HistoryEvent)row.Payload, row.SequenceNr, keep: true);
            return state;
        }
    }

    /// <summary>Whether it is to write something that begins like this.</summary>
    public bool IsGiven(string what) => pending.Any(write => write.Text.StartsWith(what, StringComparison.Ordinal));

    /// <summary>The server has had this in its journal from the beginning.</summary>
    public void Put(params HistoryEvent[] events)
    {
        foreach (var row in events)
            rows.Add(new Persistent(row, ++lastRow, "", writerGuid: ""));
    }

    /// <summary>The server has had this snapshot from the beginning.</summary>
    public void PutSnapshot(string server, ZnodeTree tree, int accepted, int current)
    {
        var number = 0;
        foreach (var chunk in SnapshotCodec.Write(tree))
            chunks[($"{server}-snapshot-1", ++number)] = new SnapshotPart(chunk);
        Put(new SnapshotTaken(new SnapshotRef(1, tree.LastZxid, number), accepted, current, []));
    }

    /// <summary>The oldest write becomes durable. The process learns of it, unless it is to crash before.</summary>
    public string Flush(bool heard)
    {
        var write = pending.Dequeue();
        write.Make();
        if (heard)
            write.Answer();
        return write.Text;
    }

    /// <summary>
    /// The process crashes while the oldest write is being made: only its first rows are durable. A journal that keeps
    /// what it promises does not do that; the order of the rows is to hold even so.
    /// </summary>
    public void Tear(int rowsKept)
    {
        var before = rows.Count;
        pending.Dequeue().Make();
        rows.RemoveRange(before + rowsKept, rows.Count - before - rowsKept);
        pending.Clear();
    }

    /// <summary>The process has crashed.</summary>
    public void Crash() => pending.Clear();

    /// <summary>The disk is gone; an empty one is in its place.</summary>
    public void Wipe()
    {
        pending.Clear();
        rows.Clear();
        chunks.Clear();
        lastRow = 0;
    }

    public void Give(WriteMessages request, IActorRef journal)
    {
        var writes = request.Messages.OfType<AtomicWrite>()
            .SelectMany(write => (IEnumerable<IPersistentRepresentation>)write.Payload).ToArray();
        var text = string.Join(" + ", writes.Select(write => ScriptText.Of((HistoryEvent)write.Payload)));
        Give(text, () =>
        {
            rows.AddRange(writes);
            lastRow = Math.Max(lastRow, writes[^1].SequenceNr);
        }, () =>
        {
            request.PersistentActor.Tell(WriteMessagesSuccessful.Instance, journal);
            foreach (var write in writes)
                request.PersistentActor.Tell(new WriteMessageSuccess(write, request.ActorInstanceId), journal);
        });
    }

    public void Give(SaveSnapshot save, IActorRef asker) => Give(
        $"snapshot, part {save.Metadata.SequenceNr}",
        () => chunks[(save.Metadata.PersistenceId, save.Metadata.SequenceNr)] = save.Snapshot,
        () => asker.Tell(new SaveSnapshotSuccess(save.Metadata), ActorRefs.NoSender));

    /// <summary>Deletions are not waited for: what is deleted is of no use any more.</summary>
    public void Delete(DeleteMessagesTo delete)
    {
        rows.RemoveAll(row => row.SequenceNr <= delete.ToSequenceNr);
        delete.PersistentActor.Tell(new DeleteMessagesSuccess(delete.ToSequenceNr), ActorRefs.NoSender);
    }

    public void Delete(DeleteSnapshots delete, IActorRef asker)
    {
        foreach (var chunk in chunks.Keys.Where(chunk => chunk.Name == delete.PersistenceId).ToArray())
            chunks.Remove(chunk);
        asker.Tell(new DeleteSnapshotsSuccess(delete.Criteria), ActorRefs.NoSender);
    }

    public void Read(ReplayMessages replay)
    {
        foreach (var row in rows)
        {
            if (row.SequenceNr >= replay.FromSequenceNr && row.SequenceNr <= replay.ToSequenceNr)
                replay.PersistentActor.Tell(new ReplayedMessage(row), ActorRefs.NoSender);
        }

        replay.PersistentActor.Tell(new RecoverySuccess(lastRow), ActorRefs.NoSender);
    }

    public void Read(LoadSnapshot load, IActorRef asker)
    {
        var number = load.Criteria.MaxSequenceNr;
        var selected = chunks.TryGetValue((load.PersistenceId, number), out var chunk)
            ? new SelectedSnapshot(new SnapshotMetadata(load.PersistenceId, number, DateTime.UnixEpoch), chunk)
            : null;
        asker.Tell(new LoadSnapshotResult(selected!, load.ToSequenceNr), ActorRefs.NoSender);
    }

    private void Give(string text, Action make, Action answer)
    {
        pending.Enqueue(new Write(text, make, answer));
        Given(text);
    }
}

/// <summary>The disks of a stage, for the plug-ins that the engine makes.</summary>
internal sealed class StageDisks : IExtension
{
    private readonly Dictionary<int, StageDisk> disks = [];

    public static StageDisks Of(ActorSystem system) => new Provider().Apply(system);

    /// <summary>The disk of a server.</summary>
    public StageDisk this[int server] =>
        disks.TryGetValue(server, out var disk) ? disk : disks[server] = new StageDisk();

    /// <summary>The disk on which something of this name is: <c>zab-1</c>, <c>zab-1-snapshot-2</c>.</summary>
    public StageDisk this[string name] => this[int.Parse(name.Split('-')[1])];

    private sealed class Provider : ExtensionIdProvider<StageDisks>
    {
        public override StageDisks CreateExtension(ExtendedActorSystem system) => new();
    }
}

/// <summary>The journal plug-in of a stage.</summary>
internal sealed class StageJournal : UntypedActor
{
    private readonly StageDisks disks = StageDisks.Of(Context.System);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                disks[write.Messages.OfType<AtomicWrite>().First().PersistenceId].Give(write, Self);
                break;
            case ReplayMessages replay:
                disks[replay.PersistenceId].Read(replay);
                break;
            case DeleteMessagesTo delete:
                disks[delete.PersistenceId].Delete(delete);
                break;
        }
    }
}

/// <summary>The snapshot store plug-in of a stage.</summary>
internal sealed class StageSnapshots : UntypedActor
{
    private readonly StageDisks disks = StageDisks.Of(Context.System);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SaveSnapshot save:
                disks[save.Metadata.PersistenceId].Give(save, Sender);
                break;
            case LoadSnapshot load when load.PersistenceId.Contains("snapshot", StringComparison.Ordinal):
                disks[load.PersistenceId].Read(load, Sender);
                break;
            case LoadSnapshot load:
                Sender.Tell(new LoadSnapshotResult(null!, load.ToSequenceNr), Self);
                break;
            case DeleteSnapshots delete:
                disks[delete.PersistenceId].Delete(delete, Sender);
                break;
        }
    }
}
