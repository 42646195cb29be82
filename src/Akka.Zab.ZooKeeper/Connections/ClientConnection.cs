using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.Sessions;
using Akka.Zab.ZooKeeper.Jute;
using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>
/// One ZooKeeper client's TCP connection. Here its reading side: the handshake, and then every complete frame of a read
/// to the session in one message. The connection is read no further while too much is under way, or while the client
/// does not take its replies.
/// </summary>
internal sealed partial class ClientConnection : IClientSink
{
    const int MaxBatch = 1024;

    readonly PipeReader _input;
    readonly PipeWriter _output;
    readonly IActorRef _registry;
    readonly ConnectionLimits _limits;
    readonly Func<WordCommand, Task<string>> _words;
    readonly Action<ClientConnection, Exception> _onFault;
    readonly OutstandingBudget _budget;
    readonly ReplyEncoder _encoder;
    readonly string? _certificate;

    readonly FrameReader _frames;
    readonly List<NumberedRequest> _batch = [];
    readonly PendingShapes _batchShapes = new();

    // Everything below is guarded by the lock.
    readonly Lock _lock = new();
    readonly RequestsUnderWay _underWay = new();
    TaskCompletionSource? _wake;
    IActorRef? _session;
    bool _knowsReadOnly;
    bool _knowsExtensions;
    bool _transportClosed;
    bool _readingPaused;

    public ClientConnection(
        IDuplexPipe transport,
        string remote,
        IActorRef registry,
        ConnectionLimits limits,
        Func<WordCommand, Task<string>> words,
        Action<ClientConnection, Exception> onFault,
        OutstandingBudget? budget = null,
        string? certificate = null)
    {
        _input = transport.Input;
        _output = transport.Output;
        _registry = registry;
        _limits = limits;
        _words = words;
        _onFault = onFault;
        _certificate = certificate;
        _encoder = new ReplyEncoder(limits.MaxReply, limits.Refusals);
        _budget = budget ?? new OutstandingBudget(long.MaxValue);
        _frames = new FrameReader(limits.MaxFrame);
        _afterFlush = AfterFlush;
        Remote = remote;
    }

    enum Stop
    {
        No,
        Incomplete,
        BadFrame,
        LastRequest,
    }

    /// <summary>Serves the connection until it ends.</summary>
    /// <param name="transportClosed">Cancelled when the client has gone.</param>
    public async Task RunAsync(CancellationToken transportClosed)
    {
        using var registration = transportClosed.UnsafeRegister(
            static connection => ((ClientConnection)connection!).TransportClosed(), this);
        try
        {
            if (await OpenAsync().ConfigureAwait(false)) await ServeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away in the middle of something.
        }
        catch (Exception e)
        {
            _onFault(this, e);
        }
        finally
        {
            End();
            _frames.Dispose();
        }
    }

    /// <summary>Ends the connection as soon as the reader notices. The session lives on.</summary>
    public void Abort()
    {
        lock (_lock) Over();
    }

    async Task<bool> OpenAsync()
    {
        using (new Timer(static input => ((PipeReader)input!).CancelPendingRead(), _input,
                   _limits.HandshakeTimeout ?? ConnectionLimits.DefaultHandshakeTimeout, Timeout.InfiniteTimeSpan))
        {
            while (true)
            {
                var result = await _input.ReadAsync().ConfigureAwait(false);
                if (result.IsCanceled) return false;
                if (FourLetterWords.TryParse(result.Buffer, out var word))
                {
                    if (FourLetterWords.TryReadArgument(word, result.Buffer, out var argument))
                    {
                        await AnswerAsync(new WordCommand(word, argument)).ConfigureAwait(false);
                        return false;
                    }
                    if (result.IsCompleted) return false;
                    _input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    continue;
                }

                var stop = ReadHandshake(result.Buffer, out var rest, out var request);
                _input.AdvanceTo(rest.Start, stop == Stop.Incomplete ? result.Buffer.End : rest.Start);
                if (stop == Stop.BadFrame || (stop == Stop.Incomplete && result.IsCompleted)) return false;
                if (request is null) continue;

                _knowsReadOnly = request.KnowsReadOnly;
                _knowsExtensions = request.KnowsExtensions;
                _registry.Tell(
                    new AttachClient(request.ToConnect(), this, Remote) { Certificate = _certificate },
                    ActorRefs.NoSender);
                break;
            }
        }

        // Requests that came with the handshake wait in the pipe until the session is there.
        await WaitAsync(static connection => connection._session is not null || connection._over).ConfigureAwait(false);
        lock (_lock) return _session is not null && !_over;
    }

    async Task AnswerAsync(WordCommand command)
    {
        var answer = await _words(command).ConfigureAwait(false);
        await _output.WriteAsync(Encoding.UTF8.GetBytes(answer)).ConfigureAwait(false);
    }

    Stop ReadHandshake(in ReadOnlySequence<byte> received, out ReadOnlySequence<byte> rest, out ConnectRequest? request)
    {
        rest = received;
        request = null;
        switch (_frames.TryRead(ref rest, out var frame))
        {
            case FrameReader.Found.Incomplete:
                return Stop.Incomplete;
            case FrameReader.Found.BadLength or FrameReader.Found.TooLong:
                return Stop.BadFrame;
            default:
                request = ConnectRequest.Decode(frame);
                return request is null ? Stop.BadFrame : Stop.No;
        }
    }

    async Task ServeAsync()
    {
        while (true)
        {
            if (!MayRead())
                await WaitAsync(static connection => connection.MayRead() || connection._over).ConfigureAwait(false);
            if (IsOver()) return;

            var result = await _input.ReadAsync().ConfigureAwait(false);
            if (IsOver()) return;
            var stop = Dispatch(result.Buffer, out var rest);
            _input.AdvanceTo(rest.Start, stop == Stop.Incomplete ? result.Buffer.End : rest.Start);
            switch (stop)
            {
                case Stop.BadFrame:
                case Stop.Incomplete when result.IsCompleted:
                    return;
                case Stop.LastRequest:
                    await WaitAsync(static connection => connection._over).ConfigureAwait(false);
                    return;
            }
        }
    }

    /// <summary>Hands the session every complete frame, up to a limit, in one message.</summary>
    Stop Dispatch(in ReadOnlySequence<byte> received, out ReadOnlySequence<byte> rest)
    {
        var stop = Stop.No;
        var lastOperation = 0;
        rest = received;
        while (stop == Stop.No && _batch.Count < MaxBatch)
        {
            switch (_frames.TryRead(ref rest, out var frame))
            {
                case FrameReader.Found.Incomplete:
                    stop = Stop.Incomplete;
                    break;
                case FrameReader.Found.BadLength:
                case FrameReader.Found.Frame or FrameReader.Found.TooLong when frame.Length < RequestDecoder.HeaderSize:
                    stop = Stop.BadFrame;
                    break;
                case FrameReader.Found.TooLong:
                    _batch.Add(RequestDecoder.TooLong(frame, _batchShapes));
                    Interlocked.Increment(ref _limits.Refusals.LongRequests);
                    break;
                default:
                    var request = RequestDecoder.Decode(frame, _batchShapes);
                    _batch.Add(request);
                    lastOperation = RequestDecoder.OperationOf(frame);
                    if (RequestDecoder.IsLast(request.Operation)) stop = Stop.LastRequest;
                    break;
            }
        }
        if (_batch.Count == 0) return stop;

        var requests = new ClientRequests(_batch.ToArray());
        _batch.Clear();
        IActorRef session;
        lock (_lock)
        {
            if (_over) return stop;
            var bytes = (int)(received.Length - rest.Length);
            _underWay.Add(
                _batchShapes, requests.Requests.Length, bytes, Stopwatch.GetTimestamp(), requests.Requests[^1].Xid,
                lastOperation);
            _budget.Take(bytes);
            session = _session!;
        }
        session.Tell(requests, ActorRefs.NoSender);
        return stop;
    }

    bool IsOver()
    {
        lock (_lock) return _over;
    }

    /// <summary>Reading pauses at a limit and goes on at half of it, so that it is not paused at every turn.</summary>
    bool MayRead()
    {
        lock (_lock)
        {
            var share = _readingPaused ? 2 : 1;
            _readingPaused = _flushPending
                || _underWay.Requests >= _limits.MaxRequests / share
                || _underWay.Bytes >= _limits.MaxRequestBytes / share
                || (_budget.IsExhausted && _underWay.Requests > 0);
            return !_readingPaused;
        }
    }

    /// <summary>
    /// Waits until the condition, which is asked under the lock at every change, holds or the client has gone.
    /// </summary>
    async Task WaitAsync(Func<ClientConnection, bool> condition)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (condition(this)) return;
                if (_transportClosed)
                {
                    Over();
                    return;
                }
                _wake ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                change = _wake.Task;
            }
            await change.ConfigureAwait(false);
        }
    }

    void Wake()
    {
        _wake?.TrySetResult();
        _wake = null;
    }

    void TransportClosed()
    {
        lock (_lock)
        {
            _transportClosed = true;
            Wake();
        }
    }

    void End()
    {
        IActorRef? session;
        lock (_lock)
        {
            Over();
            session = _sessionLetGo ? null : _session;
        }
        session?.Tell(new Detach(), ActorRefs.NoSender);
    }
}
