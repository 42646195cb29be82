using System.Collections.Concurrent;

namespace Akka.Remote;

/// <summary>The time in milliseconds since some moment; it never goes back.</summary>
public delegate long Clock();

/// <summary>Judges from the heartbeats of one resource whether it is still there. Safe for any thread.</summary>
public abstract class FailureDetector
{
    /// <summary>The monotonic clock of this process.</summary>
    public static readonly Clock DefaultClock = static () => Environment.TickCount64;

    /// <summary>Whether the resource counts as there; true before the first heartbeat.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>Whether a heartbeat has ever come.</summary>
    public abstract bool IsMonitoring { get; }

    /// <summary>Notes a heartbeat, now.</summary>
    public abstract void HeartBeat();
}

/// <summary>A failure detector for each of many resources.</summary>
public interface IFailureDetectorRegistry<in T>
{
    /// <summary>Whether the resource counts as there; true if it is not monitored.</summary>
    bool IsAvailable(T resource);

    /// <summary>Whether a heartbeat of the resource has ever come.</summary>
    bool IsMonitoring(T resource);

    /// <summary>Notes a heartbeat of the resource, now.</summary>
    void Heartbeat(T resource);

    /// <summary>Forgets the resource.</summary>
    void Remove(T resource);

    /// <summary>Forgets all resources.</summary>
    void Reset();
}

/// <summary>Makes a failure detector for each resource at its first heartbeat.</summary>
public class DefaultFailureDetectorRegistry<T>(Func<FailureDetector> factory) : IFailureDetectorRegistry<T>
    where T : notnull
{
    private readonly ConcurrentDictionary<T, FailureDetector> _detectors = new();

    /// <inheritdoc/>
    public bool IsAvailable(T resource) => !_detectors.TryGetValue(resource, out var found) || found.IsAvailable;

    /// <inheritdoc/>
    public bool IsMonitoring(T resource) => _detectors.TryGetValue(resource, out var found) && found.IsMonitoring;

    /// <inheritdoc/>
    public void Heartbeat(T resource) =>
        _detectors.GetOrAdd(resource, static (_, make) => make(), factory).HeartBeat();

    /// <inheritdoc/>
    public void Remove(T resource) => _detectors.TryRemove(resource, out _);

    /// <inheritdoc/>
    public void Reset() => _detectors.Clear();
}
