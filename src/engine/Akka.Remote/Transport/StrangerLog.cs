using Akka.Event;

namespace Akka.Remote.Transport;

/// <summary>
/// Tells the log of connections that ended before they named themselves: of the first at once, of those that follow
/// within a while only how many there were, so that a flood of them is a few lines.
/// </summary>
internal sealed class StrangerLog(ILoggingAdapter log)
{
    private static readonly long s_while = (long)TimeSpan.FromSeconds(10).TotalMilliseconds;

    private readonly Lock _lock = new();
    private long _quietUntil;
    private int _unsaid;

    public void Add(LogLevel level, string line)
    {
        lock (_lock)
        {
            if (Environment.TickCount64 < _quietUntil)
            {
                _unsaid++;
                return;
            }
            _quietUntil = Environment.TickCount64 + s_while;
        }
        log.Log(level, line);
    }

    /// <summary>To be called now and then.</summary>
    public void SumUp()
    {
        int unsaid;
        lock (_lock)
        {
            if (_unsaid == 0 || Environment.TickCount64 < _quietUntil) return;
            (unsaid, _unsaid) = (_unsaid, 0);
        }
        log.Warning($"{unsaid} more connections were closed before they named themselves.");
    }
}
