using System.Collections;

namespace Akka.Actor.Internal;

/// <summary>What an actor waits for while its children end.</summary>
enum WaitingFor
{
    Nothing,
    Creation,
    Recreation,
    Termination,
}

/// <summary>
/// The children of one actor by name. The actor itself changes it, but path look-ups and a system's ActorOf come from
/// any thread, hence the lock. Enumerated, it gives the children of that moment; whoever is handed it and does not look
/// has cost nothing, however many they are.
/// </summary>
sealed class ChildTable : IEnumerable<IInternalActorRef>
{
    static readonly IInternalActorRef[] None = [];

    readonly Lock _lock = new();

    // Null stands for a name that is reserved for an actor being made.
    Dictionary<string, ChildRestartStats?>? _byName;
    HashSet<IActorRef>? _dying;
    bool _closed;
    long _nameCounter;

    public WaitingFor Waiting { get; private set; }

    public Exception? Cause { get; private set; }

    public bool IsTerminating => Waiting == WaitingFor.Termination || _closed;

    public bool IsNormal => Waiting == WaitingFor.Nothing && !_closed;

    public bool HasChildren => _byName is { Count: > 0 };

    public string NextName()
    {
        const string digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        var n = Interlocked.Increment(ref _nameCounter) - 1;
        Span<char> text = stackalloc char[12];
        var length = 0;
        text[length++] = '$';
        do
        {
            text[length++] = digits[(int)(n & 63)];
            n >>= 6;
        }
        while (n > 0);
        return text[..length].ToString();
    }

    public void Reserve(string name)
    {
        lock (_lock)
        {
            if (IsTerminating)
                throw new InvalidOperationException($"Cannot reserve actor name '{name}': the parent is terminating or "
                    + "terminated.");
            if (!(_byName ??= []).TryAdd(name, null))
                throw new InvalidActorNameException($"Actor name '{name}' is not unique!");
        }
    }

    public void Unreserve(string name)
    {
        lock (_lock)
            if (_byName is not null && _byName.TryGetValue(name, out var stats) && stats is null)
                _byName.Remove(name);
    }

    public ChildRestartStats? Init(IInternalActorRef child)
    {
        lock (_lock)
        {
            var name = child.Path.Name;
            if (_byName is null || !_byName.TryGetValue(name, out var stats))
                return null;
            return stats ?? (_byName[name] = new ChildRestartStats(child));
        }
    }

    public ChildRestartStats? Find(string name)
    {
        lock (_lock)
            return _byName is not null && _byName.TryGetValue(name, out var stats) ? stats : null;
    }

    public ChildRestartStats? Find(IActorRef child) =>
        Find(child.Path.Name) is { } stats && stats.Child.Equals(child) ? stats : null;

    public IInternalActorRef[] Children()
    {
        lock (_lock)
            return _byName is not { Count: > 0 }
                ? None : [.. _byName.Values.Where(s => s is not null).Select(s => s!.Child)];
    }

    public IEnumerator<IInternalActorRef> GetEnumerator() =>
        ((IEnumerable<IInternalActorRef>)Children()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public ChildRestartStats[] Stats()
    {
        lock (_lock)
            return _byName is null ? [] : [.. _byName.Values.Where(s => s is not null).Select(s => s!)];
    }

    /// <summary>Notes that a child was told to stop.</summary>
    public void ShallDie(IActorRef child)
    {
        lock (_lock)
            if (_byName is not null && _byName.TryGetValue(child.Path.Name, out var stats) && stats is not null
                && stats.Child.Equals(child))
                (_dying ??= []).Add(child);
    }

    /// <summary>True if there are dying children to wait for; what is waited for is remembered then.</summary>
    public bool WaitForDying(WaitingFor what, Exception? cause)
    {
        lock (_lock)
        {
            if (_dying is not { Count: > 0 })
                return false;
            Waiting = what;
            Cause = cause;
            return true;
        }
    }

    /// <summary>Removes a child; says what can go on now that the last of the dying is gone.</summary>
    public (bool Removed, WaitingFor GoOn, Exception? Cause) Remove(IActorRef child)
    {
        lock (_lock)
        {
            if (_byName is null || !_byName.TryGetValue(child.Path.Name, out var stats) || stats is null
                || !stats.Child.Equals(child))
                return (false, WaitingFor.Nothing, null);
            _byName.Remove(child.Path.Name);
            if (_dying is null || !_dying.Remove(child) || _dying.Count > 0)
                return (true, WaitingFor.Nothing, null);
            _dying = null;
            var (goOn, cause) = (Waiting, Cause);
            Waiting = WaitingFor.Nothing;
            Cause = null;
            if (goOn == WaitingFor.Termination)
                _closed = true;
            return (true, goOn, cause);
        }
    }

    public void Close()
    {
        lock (_lock)
            _closed = true;
    }
}
