using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>A journal that lives as long as its actor system. Its writes are done when they are asked for.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    static readonly Task<IImmutableList<Exception>> s_allWritten = Task.FromResult<IImmutableList<Exception>>(null!);

    readonly ConcurrentDictionary<string, Log> _logs = new();

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult(_logs.TryGetValue(persistenceId, out var log) ? log.Highest : 0);

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        if (_logs.TryGetValue(persistenceId, out var log))
            foreach (var persistent in log.Read(fromSequenceNr, toSequenceNr, max))
                recoveryCallback(persistent);
        return Task.CompletedTask;
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var now = DateTime.UtcNow.Ticks;
        foreach (var write in messages)
        {
            var log = _logs.GetOrAdd(write.PersistenceId, static _ => new Log());
            for (var i = 0; i < write.Size; i++)
                log.Add(write[i].WithTimestamp(now));
        }
        return s_allWritten;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        if (_logs.TryGetValue(persistenceId, out var log))
            log.DeleteTo(toSequenceNr);
        return Task.CompletedTask;
    }

    /// <summary>The events of one actor.</summary>
    sealed class Log
    {
        readonly List<IPersistentRepresentation> _events = [];

        /// <summary>Survives the deletion of the events.</summary>
        public long Highest { get; private set; }

        public void Add(IPersistentRepresentation persistent)
        {
            lock (_events)
            {
                _events.Add(persistent);
                Highest = Math.Max(Highest, persistent.SequenceNr);
            }
        }

        public List<IPersistentRepresentation> Read(long from, long to, long max)
        {
            var events = new List<IPersistentRepresentation>();
            lock (_events)
            {
                foreach (var persistent in _events)
                {
                    if (events.Count >= max)
                        break;
                    if (persistent.SequenceNr >= from && persistent.SequenceNr <= to)
                        events.Add(persistent);
                }
            }
            return events;
        }

        public void DeleteTo(long to)
        {
            lock (_events)
                _events.RemoveAll(persistent => persistent.SequenceNr <= to);
        }
    }
}
