using Akka.Event;

namespace Akka.Persistence.Journal;

/// <summary>What to do with events of an old writer that a newer one has overtaken.</summary>
public enum ReplayFilterMode
{
    Fail,
    Warn,
    RepairByDiscardOld,
    Disabled,
}

/// <summary>
/// Two actors that wrote under one id at once leave a journal in which their events overlap. The filter looks ahead
/// over a window of events: where a new writer begins, what an old writer wrote under the same or higher sequence
/// numbers is discarded, warned of, or ends the replay. Events of a known old writer after that are treated alike.
/// </summary>
sealed class ReplayFilter(
    ReplayFilterMode mode, int windowSize, int maxOldWriters, ILoggingAdapter log,
    Action<IPersistentRepresentation> next)
{
    readonly LinkedList<IPersistentRepresentation> _window = new();
    readonly LinkedList<string> _oldWriters = new();
    string _writer = "";
    long _sequenceNr = -1;

    public void Add(IPersistentRepresentation persistent)
    {
        if (mode == ReplayFilterMode.Disabled)
        {
            next(persistent);
            return;
        }
        if (_window.Count == windowSize)
        {
            next(_window.First!.Value);
            _window.RemoveFirst();
        }
        if (persistent.WriterGuid == _writer)
            AddOfSameWriter(persistent);
        else if (_oldWriters.Contains(persistent.WriterGuid))
            AddIfTolerated(persistent, "there is a newer writer already");
        else
            AddOfNewWriter(persistent);
    }

    /// <summary>Passes on what is still in the window: the replay has ended.</summary>
    public void Flush()
    {
        foreach (var persistent in _window)
            next(persistent);
        _window.Clear();
    }

    void AddOfSameWriter(IPersistentRepresentation persistent)
    {
        // Equal numbers are in order: a read adapter may make several events of one.
        if (persistent.SequenceNr < _sequenceNr)
        {
            AddIfTolerated(persistent, "its writer is further already");
            return;
        }
        _sequenceNr = persistent.SequenceNr;
        _window.AddLast(persistent);
    }

    void AddOfNewWriter(IPersistentRepresentation persistent)
    {
        if (_writer.Length > 0)
            _oldWriters.AddLast(_writer);
        if (_oldWriters.Count > maxOldWriters)
            _oldWriters.RemoveFirst();
        _writer = persistent.WriterGuid;
        _sequenceNr = persistent.SequenceNr;
        for (var node = _window.First; node is not null;)
        {
            var following = node.Next;
            if (node.Value.SequenceNr >= _sequenceNr && !Tolerates(node.Value, "a new writer wrote it anew"))
                _window.Remove(node);
            node = following;
        }
        _window.AddLast(persistent);
    }

    void AddIfTolerated(IPersistentRepresentation persistent, string why)
    {
        if (Tolerates(persistent, why))
            _window.AddLast(persistent);
    }

    bool Tolerates(IPersistentRepresentation persistent, string why)
    {
        var issue =
            $"Invalid replayed event [sequenceNr={persistent.SequenceNr}, writerUUID={persistent.WriterGuid}] for " +
            $"persistenceId [{persistent.PersistenceId}]: {why} [sequenceNr={_sequenceNr}, writerUUID={_writer}]. " +
            "Perhaps two actors with that id were running at once.";
        if (mode == ReplayFilterMode.Fail)
        {
            log.Error(issue);
            _window.Clear();
            throw new InvalidOperationException(issue);
        }
        log.Warning(issue);
        return mode == ReplayFilterMode.Warn;
    }
}
