using Akka.Actor;
using Akka.Zab.History;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol.InProcess;

/// <summary>
/// What outlives a server's crash: the rows of its journal. What was given to it and is not yet durable is lost with
/// the process, from any command on.
/// </summary>
internal sealed class Disk
{
    private readonly List<HistoryEvent> rows = [];
    private readonly Queue<HistoryCommand> pending = new();
    private ZnodeTree tree = ZnodeTree.Empty;

    /// <summary>How many commands are not durable yet.</summary>
    public int Pending => pending.Count;

    /// <summary>Nothing becomes durable.</summary>
    public bool StandsStill { get; set; }

    /// <summary>Zxids of every batch that is durable and in history, in order.</summary>
    public IReadOnlyList<long> History => [.. Read().TakeBatches().Select(batch => batch.LastZxid)];

    public void Give(HistoryCommand command) => pending.Enqueue(command);

    /// <summary>The oldest command becomes durable. Returns its number.</summary>
    public long Flush()
    {
        var command = pending.Dequeue();
        switch (command)
        {
            case AcceptEpoch accept:
                rows.Add(new EpochAccepted(accept.Epoch));
                break;
            case AppendBatch append:
                Add(append.Batch, append.Committed);
                break;
            case EstablishEpoch establish:
                Establish(establish);
                break;
        }

        return command.Number;
    }

    /// <summary>Whether the journal gives learners nothing, so that they need the tree.</summary>
    public bool ForgetsHistory { get; set; }

    /// <summary>What a history tells a peer that asks for what a learner lacks.</summary>
    public FoundInJournal Find(FindInJournal find)
    {
        var state = Read();
        state.Check();
        return new FoundInJournal(
            find.Link, ForgetsHistory ? HistoryExtent.None : state.Index.After(find.Zxid));
    }

    /// <summary>What a history tells a peer that reads its journal.</summary>
    public JournalPart Read(ReadJournal read)
    {
        var state = Read();
        state.Check();
        if (state.Index.Slice(read.After, read.MaxBytes) is not { } rows)
            return new JournalPart(read.Link, [], "it does not go back so far");
        var batches = state.TakeBatches().ToDictionary(batch => batch.LastZxid);
        return new JournalPart(read.Link, [.. rows.Select(row => batches[row.LastZxid])]);
    }

    /// <summary>The process has crashed.</summary>
    public void Crash() => pending.Clear();

    /// <summary>What a history tells its peer when it starts.</summary>
    public Recovered Recover()
    {
        var state = Read();
        state.Check();
        return new Recovered(state.AcceptedEpoch, state.CurrentEpoch, tree, state.TakeBatches(), state.Committed);
    }

    private JournalState Read()
    {
        var state = new JournalState();
        for (var i = 0; i < rows.Count; i++)
            state.Apply(rows[i], i + 1, keep: true);
        return state;
    }

    private void Establish(EstablishEpoch establish)
    {
        if (establish.Snapshot is { } snapshot)
        {
            var reader = new SnapshotReader();
            foreach (var chunk in snapshot.Chunks)
                reader.Add(chunk);
            tree = reader.Finish();
            var state = Read();
            rows.Add(new HistoryReplaced(
                new SnapshotRef(
                    1, snapshot.Zxid, snapshot.Chunks.Length), state.AcceptedEpoch, state.CurrentEpoch, []));
        }
        else
        {
            rows.Add(new HistoryTruncated(establish.KeepUpTo));
        }

        foreach (var batch in establish.Batches)
            Add(batch, 0);
        rows.Add(new EpochEstablished(establish.Epoch));
    }

    private void Add(TxnBatch batch, long committed) =>
        rows.Add(new BatchAppended(batch.FirstZxid, batch.LastZxid, batch.Bytes, committed));
}

/// <summary>Stands for the history: gives commands to a disk and acknowledges nothing itself.</summary>
internal sealed class DiskActor(Disk disk) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is OpenHistory)
            Sender.Tell(disk.Recover());
        else if (message is FindInJournal find)
            Sender.Tell(disk.Find(find));
        else if (message is ReadJournal read)
            Sender.Tell(disk.Read(read));
        else if (message is HistoryCommand command)
            disk.Give(command);
    }
}
