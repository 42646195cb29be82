namespace Akka.Persistence.Journal;

/// <summary>What an event adapter makes of one stored event: none, one or several.</summary>
public interface IEventSequence
{
    IEnumerable<object> Events { get; }
}

/// <summary>No event at all.</summary>
public interface IEmptyEventSequence : IEventSequence;

/// <inheritdoc cref="IEmptyEventSequence"/>
public sealed class EmptyEventSequence : IEmptyEventSequence
{
    public static readonly EmptyEventSequence Instance = new();

    EmptyEventSequence()
    {
    }

    public IEnumerable<object> Events => [];
}

/// <summary>One event.</summary>
public struct SingleEventSequence(object e) : IEventSequence
{
    readonly object[] _events = [e];

    public readonly IEnumerable<object> Events => _events;
}

/// <summary>Several events.</summary>
public class EventSequence<T>(IEnumerable<object> events) : IEventSequence
{
    public IEnumerable<object> Events { get; } = events;
}

/// <summary>Makes event sequences.</summary>
public static class EventSequence
{
    public static readonly IEventSequence Empty = EmptyEventSequence.Instance;

    public static IEventSequence Single(object e) => new SingleEventSequence(e);

    public static IEventSequence Create(params object[] events) => new EventSequence<object>(events);

    public static IEventSequence Create(IEnumerable<object> events) => new EventSequence<object>(events);
}
