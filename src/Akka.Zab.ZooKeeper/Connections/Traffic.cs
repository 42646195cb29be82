namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>Counts traffic and latency since the last reset. Not for several threads at once.</summary>
internal struct Traffic()
{
    long _received;
    long _sent;
    long _answered;
    long _latencyMin = long.MaxValue;
    long _latencyMax;
    long _latencySum;

    /// <summary>So many frames were received.</summary>
    public void Receive(int frames) => _received += frames;

    /// <summary>So many replies and events were sent.</summary>
    public void Send(int frames) => _sent += frames;

    /// <summary>A batch of requests was answered after so many stopwatch ticks.</summary>
    public void Answer(int requests, long latency)
    {
        _answered += requests;
        _latencySum += latency * requests;
        _latencyMin = Math.Min(_latencyMin, latency);
        _latencyMax = Math.Max(_latencyMax, latency);
    }

    /// <summary>The counts.</summary>
    public readonly ConnectionStatistics With(int outstanding)
        => new(_received, _sent, outstanding, _answered, _latencyMin, _latencyMax, _latencySum);
}
