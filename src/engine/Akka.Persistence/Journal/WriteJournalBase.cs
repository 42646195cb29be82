using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>The part of a journal that runs events through their adapters on the way in and out.</summary>
public abstract class WriteJournalBase : ActorBase
{
    readonly EventAdapters _adapters;

    protected WriteJournalBase() => _adapters = Persistence.Instance.Apply(Context.System).PluginOf(Self).Adapters;

    /// <summary>What the journal is to write: without what only passes through, adapted, and without senders.</summary>
    protected IEnumerable<AtomicWrite> PreparePersistentBatch(IEnumerable<IPersistentEnvelope> resequenceables)
    {
        var prepared = new List<AtomicWrite>();
        foreach (var envelope in resequenceables)
            if (envelope is AtomicWrite write)
                prepared.Add(Prepare(write));
        return prepared;
    }

    protected IEnumerable<IPersistentRepresentation> AdaptFromJournal(IPersistentRepresentation representation)
    {
        var adapter = _adapters.Get(representation.Payload.GetType());
        if (ReferenceEquals(adapter, IdentityEventAdapter.Instance))
            return [representation];
        return adapter.FromJournal(representation.Payload, representation.Manifest).Events
            .Select(representation.WithPayload);
    }

    protected IPersistentRepresentation AdaptToJournal(IPersistentRepresentation representation)
    {
        var payload = representation.Payload;
        var adapter = _adapters.Get(payload.GetType());
        // An event without write adapter keeps a manifest that its sender gave it.
        return adapter is IdentityEventAdapter or ReadOnlyEventAdapter
            ? representation
            : representation.WithPayload(adapter.ToJournal(payload)).WithManifest(adapter.Manifest(payload));
    }

    AtomicWrite Prepare(AtomicWrite write)
    {
        if (write.Size == 1)
            return new AtomicWrite(Prepare(write[0]));
        var events = ImmutableArray.CreateBuilder<IPersistentRepresentation>(write.Size);
        for (var i = 0; i < write.Size; i++)
            events.Add(Prepare(write[i]));
        return new AtomicWrite(events.MoveToImmutable());
    }

    IPersistentRepresentation Prepare(IPersistentRepresentation p) =>
        AdaptToJournal(
            p.Sender is null
                ? p
                : p.Update(p.SequenceNr, p.PersistenceId, p.IsDeleted, ActorRefs.NoSender, p.WriterGuid));
}
