using Akka.Event;

namespace Akka.TestKit;

/// <summary>Picks log events.</summary>
public interface IEventFilter
{
    /// <summary>True if the event is one of those that the filter picks.</summary>
    bool Apply(LogEvent logEvent);
}

/// <summary>A filter that keeps events out of the log until it is disposed of.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}
