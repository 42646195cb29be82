namespace Akka.Persistence.Journal;

/// <summary>Turns an actor's event into what the journal keeps.</summary>
public interface IWriteEventAdapter
{
    string Manifest(object evt);

    object ToJournal(object evt);
}

/// <summary>Turns what the journal keeps into an actor's events.</summary>
public interface IReadEventAdapter
{
    IEventSequence FromJournal(object evt, string manifest);
}

/// <summary>An adapter for both ways.</summary>
public interface IEventAdapter : IWriteEventAdapter, IReadEventAdapter;

/// <summary>Changes nothing.</summary>
public sealed class IdentityEventAdapter : IEventAdapter
{
    IdentityEventAdapter()
    {
    }

    public static IdentityEventAdapter Instance { get; } = new();

    public string Manifest(object evt) => "";

    public object ToJournal(object evt) => evt;

    public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Single(evt);
}

/// <summary>Adapts on the way out only.</summary>
sealed class ReadOnlyEventAdapter(IReadEventAdapter read) : IEventAdapter
{
    public string Manifest(object evt) => "";

    public object ToJournal(object evt) => evt;

    public IEventSequence FromJournal(object evt, string manifest) => read.FromJournal(evt, manifest);
}

/// <summary>Adapts on the way in, and on the way out where a read adapter is given.</summary>
sealed class WritingEventAdapter(IWriteEventAdapter write, IReadEventAdapter? read = null) : IEventAdapter
{
    public string Manifest(object evt) => write.Manifest(evt);

    public object ToJournal(object evt) => write.ToJournal(evt);

    public IEventSequence FromJournal(object evt, string manifest) =>
        read?.FromJournal(evt, manifest) ?? EventSequence.Single(evt);
}

/// <summary>Several read adapters side by side: each sees the stored event, and all of their events count.</summary>
public sealed class CombinedReadEventAdapter(IEnumerable<IEventAdapter> adapters) : IEventAdapter
{
    public IEnumerable<IEventAdapter> Adapters { get; } = adapters.ToArray();

    public string Manifest(object evt) => throw ReadOnly();

    public object ToJournal(object evt) => throw ReadOnly();

    public IEventSequence FromJournal(object evt, string manifest) =>
        EventSequence.Create(Adapters.SelectMany(adapter => adapter.FromJournal(evt, manifest).Events));

    static InvalidOperationException ReadOnly() => new("A combination of read adapters can't write events.");
}
