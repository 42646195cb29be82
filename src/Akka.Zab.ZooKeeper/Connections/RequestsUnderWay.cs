using Akka.Zab.ZooKeeper.Jute;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>The last request of a connection that was answered; what <c>cons</c> tells of it.</summary>
/// <param name="Operation">Its operation code; 0 if there is none yet.</param>
/// <param name="Xid">Its number.</param>
/// <param name="Zxid">The zxid in its reply.</param>
/// <param name="AnsweredAt">When, in stopwatch ticks.</param>
/// <param name="Latency">How long it took, in stopwatch ticks.</param>
internal readonly record struct LastAnswer(int Operation, int Xid, long Zxid, long AnsweredAt, long Latency)
{
    /// <summary>Nothing was answered yet.</summary>
    public static LastAnswer None => new(0, -1, -1, 0, 0);
}

/// <summary>
/// The requests of one connection that have no reply yet: how each reply is laid out, how much there is of them, and
/// how long they have been waiting. The connection guards it with its lock.
/// </summary>
internal sealed class RequestsUnderWay
{
    readonly record struct Batch(int Requests, int Bytes, long ReadAt, int LastXid, int LastOperation);

    readonly Queue<Batch> _batches = new();
    int _answeredOfFirst;
    Traffic _own = new();
    Traffic _servers = new();

    /// <summary>The shapes of the replies to come.</summary>
    public PendingShapes Shapes { get; } = new();

    /// <summary>How many requests there are.</summary>
    public int Requests { get; private set; }

    /// <summary>How many bytes the batches with unanswered requests take.</summary>
    public int Bytes { get; private set; }

    /// <summary>The last request that was answered.</summary>
    public LastAnswer Last { get; private set; } = LastAnswer.None;

    /// <summary>The counts of the connection.</summary>
    public ConnectionStatistics Statistics => _own.With(Requests);

    /// <summary>What the connection adds to the counts of the server.</summary>
    public ConnectionStatistics ServersStatistics => _servers.With(Requests);

    /// <summary>A batch was read.</summary>
    /// <param name="shapes">Of its replies; empty afterwards.</param>
    /// <param name="requests">How many requests.</param>
    /// <param name="bytes">How many bytes they take.</param>
    /// <param name="now">In stopwatch ticks.</param>
    /// <param name="lastXid">The number of the last of them.</param>
    /// <param name="lastOperation">The operation of the last of them.</param>
    public void Add(PendingShapes shapes, int requests, int bytes, long now, int lastXid, int lastOperation)
    {
        Shapes.Append(shapes);
        _batches.Enqueue(new Batch(requests, bytes, now, lastXid, lastOperation));
        Requests += requests;
        Bytes += bytes;
        _own.Receive(requests);
        _servers.Receive(requests);
    }

    /// <summary>Replies were encoded, and events beside them.</summary>
    /// <returns>How many bytes of requests are under way no longer.</returns>
    public int Answered(int replies, int events, long zxid, long now)
    {
        var before = Bytes;
        _own.Send(replies + events);
        _servers.Send(replies + events);
        Requests -= replies;
        _answeredOfFirst += replies;
        while (_batches.TryPeek(out var first) && _answeredOfFirst >= first.Requests)
        {
            _batches.Dequeue();
            _answeredOfFirst -= first.Requests;
            Bytes -= first.Bytes;
            var latency = now - first.ReadAt;
            _own.Answer(first.Requests, latency);
            _servers.Answer(first.Requests, latency);
            Last = new LastAnswer(first.LastOperation, first.LastXid, zxid, now, latency);
        }
        return before - Bytes;
    }

    /// <summary>The connection's counts begin anew.</summary>
    public void Reset()
    {
        _own = new Traffic();
        Last = LastAnswer.None;
    }

    /// <summary>What it adds to the server's counts begins anew.</summary>
    public void ResetServers() => _servers = new Traffic();
}
