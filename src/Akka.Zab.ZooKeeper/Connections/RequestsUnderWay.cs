using Akka.Zab.ZooKeeper.Jute;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>
/// The requests of one connection that have no reply yet: how each reply is laid out, how much there is of them, and
/// how long they have been waiting. The connection guards it with its lock.
/// </summary>
internal sealed class RequestsUnderWay
{
    readonly record struct Batch(int Requests, int Bytes, long ReadAt);

    readonly Queue<Batch> _batches = new();
    int _answeredOfFirst;
    long _received, _sent, _answered, _latencyMin = long.MaxValue, _latencyMax, _latencySum;

    /// <summary>The shapes of the replies to come.</summary>
    public PendingShapes Shapes { get; } = new();

    /// <summary>How many requests there are.</summary>
    public int Requests { get; private set; }

    /// <summary>How many bytes the batches with unanswered requests take.</summary>
    public int Bytes { get; private set; }

    /// <summary>A batch was read.</summary>
    public void Add(PendingShapes shapes, int requests, int bytes, long now)
    {
        Shapes.Append(shapes);
        _batches.Enqueue(new Batch(requests, bytes, now));
        Requests += requests;
        Bytes += bytes;
        _received += requests;
    }

    /// <summary>Replies were encoded, and events beside them.</summary>
    public void Answered(int replies, int events, long now)
    {
        _sent += replies + events;
        Requests -= replies;
        _answeredOfFirst += replies;
        while (_batches.TryPeek(out var first) && _answeredOfFirst >= first.Requests)
        {
            _batches.Dequeue();
            _answeredOfFirst -= first.Requests;
            Bytes -= first.Bytes;
            var latency = now - first.ReadAt;
            _answered += first.Requests;
            _latencySum += latency * first.Requests;
            _latencyMin = Math.Min(_latencyMin, latency);
            _latencyMax = Math.Max(_latencyMax, latency);
        }
    }

    /// <summary>The counts so far.</summary>
    public ConnectionStatistics Statistics
        => new(_received, _sent, Requests, _answered, _latencyMin, _latencyMax, _latencySum);
}
