using System.Diagnostics;
using System.IO.Pipelines;
using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Sessions;
using Akka.Zab.ZooKeeper.Jute;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>
/// The writing side of a connection: what the session's actor delivers is encoded together and flushed once. While a
/// flush waits for a slow client, further outputs wait as they are, not encoded, so that they cost no more than their
/// references.
/// </summary>
internal sealed partial class ClientConnection
{
    // So much is encoded before the client has to have taken some of it.
    const int FlushAt = 512 * 1024;

    readonly Action _afterFlush;
    readonly Queue<ClientOutput[]> _waiting = new();
    int _nextOfFirst;
    int _waitingOutputs;
    ValueTask<FlushResult> _flush;
    bool _writing; // someone encodes or flushes, and will see to what is waiting
    bool _flushPending;
    bool _sessionLetGo;
    bool _last; // nothing follows what is waiting
    bool _over;

    bool IClientSink.HoldsBack => true;

    void IClientSink.Connected(Connected connected)
    {
        bool tooLate;
        lock (_lock)
        {
            tooLate = _over;
            if (!tooLate)
            {
                ConnectResponse.Accept(_output, connected, _knowsReadOnly, _knowsExtensions);
                _session = connected.Session;
                _timeoutMs = connected.TimeoutMs;
                SessionId = connected.SessionId;
                _writing = true;
                Wake();
            }
        }
        if (tooLate) connected.Session.Tell(new Detach(), ActorRefs.NoSender);
        else Flush();
    }

    void IClientSink.Refused(DisconnectReason reason)
    {
        lock (_lock)
        {
            _last = true;
            if (_over || reason != DisconnectReason.SessionExpired)
            {
                Over();
                return;
            }
            ConnectResponse.Invalid(_output, _knowsReadOnly);
            _writing = true;
        }
        Flush();
    }

    void IClientSink.Deliver(ClientOutput[] outputs)
    {
        lock (_lock)
        {
            if (_over || _last) return;
            _waiting.Enqueue(outputs);
            _waitingOutputs += outputs.Length;
            if (_waitingOutputs > _limits.MaxWaitingOutputs && _flushPending)
            {
                Over();
                return;
            }
            if (_writing) return;
            _writing = true;
        }
        WriteWaiting();
    }

    void IClientSink.Disconnected(DisconnectReason reason)
    {
        lock (_lock)
        {
            _sessionLetGo = true;
            _last = true;
            if (!_writing) Over();
        }
    }

    /// <summary>
    /// Encodes and flushes by turns until nothing waits, or until a flush has to wait for the client.
    /// </summary>
    void WriteWaiting()
    {
        do
        {
            lock (_lock)
            {
                if (_over || !TryEncode())
                {
                    _writing = false;
                    if (_last) Over();
                    if (_readingPaused) Wake();
                    return;
                }
            }
        }
        while (TryFlush());
    }

    void Flush()
    {
        if (TryFlush()) WriteWaiting();
    }

    /// <summary>Encodes what waits, up to a limit. False if nothing did.</summary>
    bool TryEncode()
    {
        if (_waitingOutputs == 0) return false;
        var writer = new JuteWriter(_output);
        int replies = 0, events = 0;
        var zxid = 0L;
        try
        {
            while (_waitingOutputs > 0 && writer.Written < FlushAt)
            {
                var outputs = _waiting.Peek();
                ref readonly var output = ref outputs[_nextOfFirst];
                if (output.Content is WatchEvent)
                {
                    events++;
                }
                else
                {
                    replies++;
                    zxid = output.Zxid;
                }
                var after = _encoder.Encode(ref writer, output, _underWay.Shapes);

                _waitingOutputs--;
                if (++_nextOfFirst == outputs.Length)
                {
                    _waiting.Dequeue();
                    _nextOfFirst = 0;
                }
                if (after == AfterReply.GoOn) continue;
                _last = true;
                DropWaiting();
            }
        }
        catch (Exception e)
        {
            // A reply that does not fit its request: a fault of the server's, for which the client can do nothing.
            Over();
            _onFault(this, e);
            return false;
        }
        writer.Flush();
        _budget.Return(_underWay.Answered(replies, events, zxid, Stopwatch.GetTimestamp()));
        return true;
    }

    /// <summary>Flushes. False if the client has to take something first, or is gone.</summary>
    bool TryFlush()
    {
        try
        {
            var flush = _output.FlushAsync();
            if (flush.IsCompleted) return Flushed(flush);
            lock (_lock)
            {
                _flush = flush;
                _flushPending = true;
            }
            flush.GetAwaiter().UnsafeOnCompleted(_afterFlush);
            return false;
        }
        catch (InvalidOperationException)
        {
            // The connection was completed meanwhile.
            return Flushed(new ValueTask<FlushResult>(new FlushResult(false, isCompleted: true)));
        }
    }

    void AfterFlush()
    {
        ValueTask<FlushResult> flush;
        lock (_lock)
        {
            flush = _flush;
            _flush = default;
            _flushPending = false;
        }
        if (Flushed(flush)) WriteWaiting();
    }

    bool Flushed(ValueTask<FlushResult> flush)
    {
        try
        {
            if (!flush.GetAwaiter().GetResult().IsCompleted) return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // As good as completed.
        }
        lock (_lock)
        {
            _writing = false;
            Over();
        }
        return false;
    }

    /// <summary>
    /// The connection is over: the reader returns, and what was flushed is sent before the socket closes.
    /// </summary>
    void Over()
    {
        if (_over) return;
        _over = true;
        _budget.Return(_underWay.Bytes);
        DropWaiting();
        Wake();
        // Elsewhere, because the reader may go on right there, and here the lock is held.
        ThreadPool.UnsafeQueueUserWorkItem(static input => input.CancelPendingRead(), _input, preferLocal: false);
    }

    void DropWaiting()
    {
        _waiting.Clear();
        _waitingOutputs = 0;
        _nextOfFirst = 0;
    }
}
