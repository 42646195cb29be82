using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Zab.History;
using Akka.Zab.Simulation.Worlds;

namespace Akka.Zab.Simulation.Disks;

/// <summary>How a disk behaves.</summary>
internal sealed record DiskManners
{
    public static DiskManners Good { get; } = new();

    /// <summary>The least time that a write takes, in microseconds.</summary>
    public int WriteTime { get; init; } = 150;

    /// <summary>The most that chance adds, in microseconds.</summary>
    public int Jitter { get; init; } = 400;

    /// <summary>A write fails. Whether the rows are there all the same, chance decides.</summary>
    public bool IsFull { get; init; }
}

/// <summary>
/// What outlives a server's process: the rows of its journal and its snapshots. A write takes time; then all its rows
/// are durable at once, and a moment later the journal's user is told. A crash loses what is not durable: of the writes
/// that were under way a first few may have become so, the next may be torn, which the journal finds and drops as a
/// database does, and the rest is gone.
/// </summary>
internal sealed class Disk(World world, Server server)
{
    private readonly List<(long Row, HistoryEvent Event)> rows = [];
    private readonly Dictionary<(string Name, long Number), object> snapshots = [];
    private readonly Queue<(WriteMessages Request, int Life)> pending = new();
    private long highestRow;
    private bool isBusy;
    private long lastSnapshotWrite;

    /// <summary>How it behaves at the moment.</summary>
    public DiskManners Manners { get; set; } = DiskManners.Good;

    /// <summary>Whether writes wait.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>What the rows that are durable add up to.</summary>
    public DurableHistory History { get; private set; } = new();

    /// <summary>How many writes are not durable yet.</summary>
    public int Pending => pending.Count;

    /// <summary>
    /// A mutation: in which parts, one after the other, the rows of a write become durable; null for all at once.
    /// </summary>
    public Func<IReadOnlyList<IPersistentRepresentation>, IEnumerable<IPersistentRepresentation[]>>? Split { get; set; }

    /// <summary>A mutation: told when a write has become durable in part.</summary>
    public Action? OnPart { get; set; }

    /// <summary>A mutation: writes are acknowledged when they begin.</summary>
    public bool Lies { get; set; }

    /// <summary>From now on writes wait.</summary>
    public void Hold() => IsHeld = true;

    /// <summary>Writes go on.</summary>
    public void LetGo()
    {
        IsHeld = false;
        Begin();
    }

    internal void Write(WriteMessages request)
    {
        if (Lies)
            Acknowledge(request, server.Life);
        pending.Enqueue((request, server.Life));
        Begin();
    }

    internal void Replay(ReplayMessages request)
    {
        var life = server.Life;
        world.After(world.Chance.Next(100, 2_000), () => WhenStillThere(life, () =>
        {
            var serializer = new HistorySerializer((ExtendedActorSystem)server.Machine.System);
            foreach (var (row, historyEvent) in rows.OrderBy(row => row.Row))
            {
                if (row < request.FromSequenceNr || row > request.ToSequenceNr)
                    continue;
                // As bytes and back, so that nothing survives that is not in the row.
                var manifest = serializer.Manifest(historyEvent);
                var read = serializer.FromBinary(serializer.ToBinary(historyEvent), manifest);
                request.PersistentActor.Tell(
                    new ReplayedMessage(new Persistent(read, row, request.PersistenceId, manifest)));
            }

            request.PersistentActor.Tell(new RecoverySuccess(highestRow));
        }));
    }

    internal void Delete(DeleteMessagesTo request)
    {
        var life = server.Life;
        world.After(world.Chance.Next(100, 3_000), () => WhenStillThere(life, () =>
        {
            rows.RemoveAll(row => row.Row <= request.ToSequenceNr);
            world.Trace.Add(TraceKind.Disk, server.Id, 0, $"rows up to {request.ToSequenceNr} deleted");
            world.Coverage.Hit("disk: journal behind a snapshot deleted");
            request.PersistentActor.Tell(new DeleteMessagesSuccess(request.ToSequenceNr));
        }));
    }

    internal void Save(SaveSnapshot request, IActorRef asker)
    {
        var life = server.Life;
        lastSnapshotWrite = Math.Max(lastSnapshotWrite, world.Now) + WriteTime();
        world.At(lastSnapshotWrite, () => WhenStillThere(life, () =>
        {
            if (Manners.IsFull)
            {
                asker.Tell(new SaveSnapshotFailure(request.Metadata, new IOException("disk full")));
                return;
            }

            snapshots[(request.Metadata.PersistenceId, request.Metadata.SequenceNr)] = request.Snapshot;
            asker.Tell(new SaveSnapshotSuccess(request.Metadata));
        }));
    }

    internal void Load(LoadSnapshot request, IActorRef asker)
    {
        var life = server.Life;
        world.After(world.Chance.Next(100, 1_000), () => WhenStillThere(life, () =>
        {
            var found = snapshots.GetValueOrDefault((request.PersistenceId, request.ToSequenceNr));
            var selected = found is null ? null : new SelectedSnapshot(
                new SnapshotMetadata(request.PersistenceId, request.ToSequenceNr, DateTime.UnixEpoch), found);
            asker.Tell(new LoadSnapshotResult(selected, request.ToSequenceNr));
        }));
    }

    internal void Delete(DeleteSnapshots request, IActorRef asker)
    {
        var life = server.Life;
        world.After(world.Chance.Next(100, 1_000), () => WhenStillThere(life, () =>
        {
            foreach (var key in snapshots.Keys)
            {
                if (key.Name == request.PersistenceId)
                    snapshots.Remove(key);
            }

            asker.Tell(new DeleteSnapshotsSuccess(request.Criteria));
        }));
    }

    /// <summary>The process is gone, and with it what was not durable.</summary>
    internal void Crash()
    {
        isBusy = false;
        var kept = pending.Count == 0 || IsHeld || Manners.IsFull ? 0 : world.Chance.Next(pending.Count + 1);
        while (kept-- > 0)
        {
            MakeDurable(pending.Dequeue().Request);
            world.Coverage.Hit("crash: a write is durable that was not acknowledged");
        }

        if (pending.TryPeek(out var next) && next.Request.Messages.Any(write => write.Size > 1))
            world.Coverage.Hit("crash: a write of several rows is torn, and dropped");
        if (pending.Count > 0)
            world.Coverage.Hit("crash: a write is lost");
        pending.Clear();
    }

    /// <summary>Everything is gone.</summary>
    internal void Wipe()
    {
        rows.Clear();
        snapshots.Clear();
        highestRow = 0;
        History = new DurableHistory();
    }

    private int WriteTime() => Manners.WriteTime + world.Chance.Next(Manners.Jitter + 1);

    private void WhenStillThere(int life, Action action)
    {
        if (server.IsUp && server.Life == life)
        {
            server.Machine.WhenAwake(() =>
            {
                if (server.IsUp && server.Life == life)
                    action();
            });
        }
    }

    private void Begin()
    {
        if (isBusy || IsHeld || pending.Count == 0)
            return;
        isBusy = true;
        var life = server.Life;
        world.After(WriteTime(), () => End(life));
    }

    private void End(int life)
    {
        if (!server.IsUp || server.Life != life)
            return;
        isBusy = false;
        if (IsHeld)
            return;
        var (request, _) = pending.Dequeue();
        if (Manners.IsFull)
        {
            Refuse(request, life);
            return;
        }

        if (Split is not null)
        {
            isBusy = true;
            MakePartsDurable(request, new Queue<IPersistentRepresentation[]>(Split(RowsOf(request))), life);
            return;
        }

        MakeDurable(request);
        IsDurable(request, life);
    }

    private void IsDurable(WriteMessages request, int life)
    {
        world.Reached(server, CrashPoint.WriteIsDurable);
        if (server.IsUp && server.Life == life && !Lies)
        {
            world.After(
                world.Chance.Next(100), () => WhenStillThere(life, () => Acknowledge(request, life)));
        }

        Begin();
    }

    private void MakePartsDurable(WriteMessages request, Queue<IPersistentRepresentation[]> parts, int life)
    {
        if (!server.IsUp || server.Life != life)
            return;
        MakeDurable(parts.Dequeue());
        if (parts.Count == 0)
        {
            isBusy = false;
            IsDurable(request, life);
            return;
        }

        OnPart?.Invoke();
        world.Reached(server, CrashPoint.WriteIsDurable);
        world.After(10_000 + WriteTime(), () => MakePartsDurable(request, parts, life));
    }

    private static List<IPersistentRepresentation> RowsOf(WriteMessages request)
    {
        var all = new List<IPersistentRepresentation>();
        foreach (var envelope in request.Messages)
        {
            if (envelope is AtomicWrite write)
                all.AddRange((IImmutableList<IPersistentRepresentation>)write.Payload);
        }

        return all;
    }

    private void Refuse(WriteMessages request, int life)
    {
        if (world.Chance.Next(2) == 0)
            MakeDurable(request);
        world.Trace.Add(TraceKind.Disk, server.Id, 0, "disk full");
        WhenStillThere(life, () =>
        {
            var cause = new IOException("disk full");
            request.PersistentActor.Tell(new WriteMessagesFailed(cause, request.Messages.Count()));
            foreach (var envelope in request.Messages)
            {
                foreach (var row in (IImmutableList<IPersistentRepresentation>)envelope.Payload)
                    request.PersistentActor.Tell(new WriteMessageFailure(row, cause, request.ActorInstanceId));
            }
        });
    }

    private void Acknowledge(WriteMessages request, int life)
    {
        if (!server.IsUp || server.Life != life)
            return;
        request.PersistentActor.Tell(WriteMessagesSuccessful.Instance);
        foreach (var envelope in request.Messages)
        {
            if (envelope is not AtomicWrite write)
            {
                request.PersistentActor.Tell(new LoopMessageSuccess(envelope.Payload, request.ActorInstanceId));
                continue;
            }

            foreach (var row in (IImmutableList<IPersistentRepresentation>)write.Payload)
                request.PersistentActor.Tell(new WriteMessageSuccess(row, request.ActorInstanceId));
        }
    }

    private void MakeDurable(WriteMessages request)
    {
        if (Split is null)
        {
            MakeDurable(RowsOf(request));
            return;
        }

        foreach (var part in Split(RowsOf(request)))
            MakeDurable(part);
    }

    private void MakeDurable(IReadOnlyList<IPersistentRepresentation> written)
    {
        foreach (var row in written)
        {
            var historyEvent = (HistoryEvent)row.Payload;
            rows.Add((row.SequenceNr, historyEvent));
            highestRow = Math.Max(highestRow, row.SequenceNr);
            History.Apply(historyEvent);
            world.Trace.Add(TraceKind.Disk, server.Id, 0, historyEvent);
        }
    }
}
