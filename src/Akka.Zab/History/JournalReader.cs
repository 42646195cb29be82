using Akka.Actor;
using Akka.Persistence;
using Akka.Zab.Tree;

namespace Akka.Zab.History;

/// <summary>
/// Reads some batches of the journal for a learner, beside the actor that writes it, and tells the one who asked. What
/// stands between them in the journal and is no part of history any more is passed over.
/// </summary>
internal sealed class JournalReader : UntypedActor
{
    private readonly IActorRef journal;
    private readonly string persistenceId;
    private readonly JournalRow[] rows;
    private readonly long link;
    private readonly IActorRef asker;
    private readonly TxnBatch[] batches;
    private int read;

    public JournalReader(IActorRef journal, string persistenceId, JournalRow[] rows, long link, IActorRef asker)
    {
        this.journal = journal;
        this.persistenceId = persistenceId;
        this.rows = rows;
        this.link = link;
        this.asker = asker;
        batches = new TxnBatch[rows.Length];
    }

    public static Props Props(
        IActorRef journal, string persistenceId, JournalRow[] rows, long link, IActorRef asker) =>
        Actor.Props.Create(() => new JournalReader(journal, persistenceId, rows, link, asker));

    protected override void PreStart() =>
        journal.Tell(new ReplayMessages(rows[0].Row, rows[^1].Row, long.MaxValue, persistenceId, Self), Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                Add(replayed.Persistent);
                break;
            case RecoverySuccess when read == batches.Length:
                Finish(new JournalPart(link, batches));
                break;
            case RecoverySuccess:
                Finish(new JournalPart(link, [], $"row {rows[read].Row} of its journal is there no longer"));
                break;
            case ReplayMessagesFailure failure:
                Finish(new JournalPart(link, [], $"its journal cannot be read: {failure.Cause.Message}"));
                break;
        }
    }

    private void Add(IPersistentRepresentation persistent)
    {
        if (read == rows.Length || persistent.SequenceNr != rows[read].Row)
            return;
        if (persistent.Payload is BatchAppended batch && batch.FirstZxid == rows[read].FirstZxid
            && batch.LastZxid == rows[read].LastZxid)
            batches[read++] = new TxnBatch(batch.FirstZxid, batch.LastZxid, batch.Bytes);
    }

    private void Finish(JournalPart part)
    {
        asker.Tell(part, Context.Parent);
        Context.Stop(Self);
    }
}
