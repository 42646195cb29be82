using System.Net.Sockets;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Remote.Transport;

/// <summary>
/// One TCP connection on which a remote system sends. Every whole frame of a read is delivered before the next read,
/// in order.
/// </summary>
internal sealed class InboundConnection(Remoting remoting, Socket socket)
{
    // A larger read is a sign of much to do: then this thread reads on, and others do it.
    private const int HandOverBytes = 8 * 1024;

    // The end of a connection is seen at once; this is for a close on this side that the system call does not notice.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly FrameWriter _answers = new();
    private Stream _stream = Stream.Null;
    private InboundPeer? _peer;
    private InboundRefs? _refs;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closed;
    private long _lastRead = Environment.TickCount64;
    private string _origin = "?";

    public Hello? Greeting { get; private set; }

    public TimeSpan Silence => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _lastRead));

    /// <summary>Called when it has named itself, or has ended without.</summary>
    public required Action Greeted { get; init; }

    /// <summary>Completes when the last message of the connection has been delivered.</summary>
    public Task Done => _done.Task;

    /// <summary>Serves the connection until it ends. Never throws.</summary>
    public async Task RunAsync()
    {
        var reason = "the remote system closed the connection";
        try
        {
            _origin = Sockets.Origin(socket);
            Sockets.Prepare(socket, remoting.Tcp);
            _stream = new NetworkStream(socket, ownsSocket: true);
            bool accepted;
            try
            {
                accepted = await GreetAsync().ConfigureAwait(false);
            }
            finally
            {
                Greeted();
            }
            if (!accepted) return;
            await ReceiveAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            reason = e is EndOfStreamException ? "it closed in the middle of a frame" : OutboundConnection.Explain(e);
            if (Greeting is null && Volatile.Read(ref _closed) == 0)
                remoting.Strangers.Add(
                    LogLevel.WarningLevel,
                    $"A connection from [{_origin}] was closed before it named itself: {reason.TrimEnd('.')}.");
            else if (e is ProtocolException && Volatile.Read(ref _closed) == 0)
                remoting.Log.Error($"The connection from [{Greeting?.From}] is closed. {e.Message}");
        }
        finally
        {
            Close();
            if (Greeting is not null) remoting.OnClosed(this, reason);
            _done.TrySetResult();
        }
    }

    /// <summary>Ends the connection; <see cref="RunAsync"/> returns soon after.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _stream.Dispose();
        socket.Dispose();
    }

    private async Task<bool> GreetAsync()
    {
        using var timeout = new CancellationTokenSource(remoting.Tcp.ConnectionTimeout);
        if (remoting.Tcp.Tls is { } tls)
            _stream = await Sockets.SecureAsServerAsync(_stream, tls, timeout.Token).ConfigureAwait(false);
        Hello hello;
        try
        {
            hello = await Sockets.ReadFirstFrameAsync(
                _stream, static frame => Handshake.ReadHello(frame), timeout.Token).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            remoting.Strangers.Add(
                LogLevel.InfoLevel, $"A connection from [{_origin}] was closed before it said anything.");
            return false;
        }
        (var welcome, _peer) = await remoting.JudgeAsync(hello, this).ConfigureAwait(false);
        Handshake.Write(_answers, welcome);
        await _stream.WriteAsync(_answers.Written, timeout.Token).ConfigureAwait(false);
        _answers.Clear();
        if (welcome.Verdict != Verdict.Accepted)
        {
            remoting.Strangers.Add(
                LogLevel.WarningLevel,
                $"A connection from [{hello.From}] at [{_origin}] is refused: {welcome.Reason}");
            return false;
        }
        Greeting = hello;
        _refs = new InboundRefs(remoting.Provider, hello.From);
        remoting.Publish(new AssociatedEvent(remoting.Local, hello.From, true));
        return true;
    }

    /// <summary>
    /// Delivers what comes, until it ends. A few connections have a thread of their own, which sleeps in the system call
    /// that waits for data: so one wake-up leads from the network to the actor, instead of three through the pool.
    /// </summary>
    private Task ReceiveAsync()
    {
        if (_stream is not NetworkStream || !remoting.TryTakeReaderThread())
            return ReceiveOnPoolAsync();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Receive();
                end.SetResult();
            }
            catch (Exception e)
            {
                end.SetException(e);
            }
            finally
            {
                remoting.ReturnReaderThread();
            }
        })
        { IsBackground = true, Name = "akka.remote" }.Start();
        return end.Task;
    }

    private async Task ReceiveOnPoolAsync()
    {
        var input = new ReceiveBuffer();
        while (true)
        {
            var read = await _stream.ReadAsync(input.Free).ConfigureAwait(false);
            if (read == 0 || !Take(input, read)) return;
            if (_answers.Length == 0) continue;
            await _stream.WriteAsync(_answers.Written).ConfigureAwait(false);
            _answers.Clear();
        }
    }

    private void Receive()
    {
        var input = new ReceiveBuffer();
        while (true)
        {
            while (!socket.Poll(LongestPoll, SelectMode.SelectRead))
                if (Volatile.Read(ref _closed) != 0)
                    return;
            var read = _stream.Read(input.Free.Span);
            if (read == 0 || !Take(input, read)) return;
            if (_answers.Length == 0) continue;
            _stream.Write(_answers.Written.Span);
            _answers.Clear();
        }
    }

    /// <summary>
    /// Delivers every whole frame. After a small read this thread goes on with the actor that got something, as far as
    /// that actor allows it. False if the peer said goodbye.
    /// </summary>
    private bool Take(ReceiveBuffer input, int read)
    {
        Interlocked.Exchange(ref _lastRead, Environment.TickCount64);
        input.Filled(read);
        var opened = HandOver.Open();
        try
        {
            using (remoting.EnterTransport())
                while (input.TryTake(remoting.Tcp.MaximumFrameSize, out var frame))
                    if (!Handle(frame)) return false;
            return true;
        }
        finally
        {
            if (opened) HandOver.Close(runHere: read < HandOverBytes && _answers.Length == 0);
        }
    }

    /// <summary>False if the peer said goodbye.</summary>
    private bool Handle(FrameReader frame)
    {
        switch ((FrameKind)frame.ReadByte())
        {
            case FrameKind.Message:
                Deliver(ref frame, selection: false);
                return true;
            case FrameKind.Selection:
                Deliver(ref frame, selection: true);
                return true;
            case FrameKind.System:
                DeliverSystem(ref frame);
                return true;
            case FrameKind.Ping:
                _answers.EndFrame(_answers.BeginFrame(FrameKind.Pong));
                return true;
            case FrameKind.Goodbye:
                if (frame.ReadByte() == (byte)DisconnectReason.Quarantined)
                    remoting.Publish(new ThisActorSystemQuarantinedEvent(remoting.Local, Greeting!.From));
                return false;
            case var other:
                throw new ProtocolException($"It sent a frame of the unknown kind {other}.");
        }
    }

    private void Deliver(ref FrameReader frame, bool selection)
    {
        var recipient = _refs!.ReadRecipient(ref frame);
        var sender = _refs.ReadSender(ref frame);
        var (elements, wildCard) = selection ? SelectionForm.Read(ref frame) : default;
        object message;
        try
        {
            message = remoting.Messages.Read(ref frame);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ProtocolException))
        {
            remoting.Log.Error(e is SerializationException ? null : e,
                $"A message of [{Greeting!.From}] to [{recipient}] is dropped: {e.Message}");
            return;
        }
        if (remoting.Settings.LogReceive)
            remoting.Log.Debug($"received remote message [{message}] to [{recipient}] from [{sender}]");
        if (selection) DeliverSelection(recipient, sender, new ActorSelectionMessage(message, elements!, wildCard));
        else if (remoting.Settings.UntrustedMode && message is IPossiblyHarmful)
            remoting.Log.Debug($"operating in UntrustedMode, dropping inbound [{message.GetType()}]");
        else recipient.Tell(message, sender);
    }

    private void DeliverSelection(IInternalActorRef anchor, IActorRef? sender, ActorSelectionMessage selection)
    {
        if (remoting.Settings.UntrustedMode &&
            (selection.Message is IPossiblyHarmful ||
             !remoting.Settings.TrustedSelectionPaths.Contains("/" + string.Join('/', selection.Elements.Select(
                 e => e.ToString())))))
        {
            remoting.Log.Debug("operating in UntrustedMode, dropping an inbound selection");
            return;
        }
        ActorSelection.DeliverSelection(anchor, sender!, selection);
    }

    private void DeliverSystem(ref FrameReader frame)
    {
        var number = frame.ReadVarint();
        var peer = _peer!;
        lock (peer)
        {
            if (number > peer.LastSystemMessage + 1)
                throw new ProtocolException(
                    $"System message {number} came after {peer.LastSystemMessage}; those between are missing.");
            if (number == peer.LastSystemMessage + 1)
            {
                peer.LastSystemMessage = number;
                SystemMessageForm.Deliver(ref frame, _refs!, mayTerminate: !remoting.Settings.UntrustedMode);
            }
            number = peer.LastSystemMessage;
        }
        var start = _answers.BeginFrame(FrameKind.Acknowledge);
        _answers.WriteVarint(number);
        _answers.EndFrame(start);
    }
}

/// <summary>What is remembered of one run of a remote system across its connections.</summary>
internal sealed class InboundPeer(int uid)
{
    public int Uid { get; } = uid;

    /// <summary>The number of the last system message that was delivered. Guarded by the object's lock.</summary>
    public ulong LastSystemMessage { get; set; }

    /// <summary>The connection in use. Guarded by the lock of the table that holds the object.</summary>
    public InboundConnection? Connection { get; set; }
}
