using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Event;

namespace Akka.Remote.Transport;

/// <summary>Why this side closes a connection.</summary>
internal enum DisconnectReason : byte
{
    Shutdown = 0,
    Quarantined = 1,
}

/// <summary>
/// One TCP connection on which this system sends. The other way carries only acknowledgements and the answers to
/// pings; the end of it is the first sign of the peer's death.
/// </summary>
internal sealed class OutboundConnection(Remoting remoting, Association association, Socket socket, Stream stream)
{
    private readonly OutboundRefs _refs = new(remoting.Local);
    private readonly MessageForm _messages = remoting.Messages;
    private int _closed;
    private long _lastRead = Environment.TickCount64;

    /// <summary>For the one who sends.</summary>
    public FrameWriter Writer { get; } = new();

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>How long nothing has come from the other side.</summary>
    public TimeSpan Silence => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _lastRead));

    /// <summary>Connects and shakes hands.</summary>
    /// <exception cref="InvalidAssociationException">The other side refused; its reason is the message.</exception>
    public static async Task<(OutboundConnection, Welcome)> OpenAsync(Remoting remoting, Association association)
    {
        var tcp = remoting.Tcp;
        var remote = association.RemoteAddress;
        var isLiteral = IPAddress.TryParse(remote.Host, out var ip);
        var socket = isLiteral
            ? new Socket(ip!.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Sockets.Prepare(socket, tcp);
            using var timeout = new CancellationTokenSource(tcp.ConnectionTimeout);
            EndPoint target = isLiteral
                ? new IPEndPoint(ip!, remote.Port!.Value)
                : new DnsEndPoint(remote.Host!, remote.Port!.Value);
            await socket.ConnectAsync(target, timeout.Token).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tcp.Tls is { } tls)
                stream = await Sockets.SecureAsClientAsync(stream, tls, remote.Host!, timeout.Token)
                    .ConfigureAwait(false);
            var writer = new FrameWriter();
            Handshake.Write(writer, new Hello(remoting.Local, remoting.Uid, remote));
            await stream.WriteAsync(writer.Written, timeout.Token).ConfigureAwait(false);
            var welcome = await Sockets.ReadFirstFrameAsync(
                stream, static frame => Handshake.ReadWelcome(frame), timeout.Token).ConfigureAwait(false);
            if (welcome.Verdict == Verdict.Quarantined)
                remoting.Publish(new ThisActorSystemQuarantinedEvent(remoting.Local, remote));
            if (welcome.Verdict != Verdict.Accepted) throw new InvalidAssociationException(welcome.Reason);
            return (new OutboundConnection(remoting, association, socket, stream), welcome);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What an exception of a socket means, in one sentence.</summary>
    public static string Explain(Exception e) => e switch
    {
        OperationCanceledException => "it did not answer in time",
        EndOfStreamException => "it closed the connection during the handshake; perhaps it does not run on the " +
                                "bundled engine, or expects TLS where this side does not, or the other way round",
        AuthenticationException => $"TLS failed: {e.Message}",
        IOException { InnerException: SocketException inner } => inner.Message,
        _ => e.Message,
    };

    public void StartReading() => _ = ReadAsync();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    /// <summary>Appends a message; one that cannot be sent is logged and left out.</summary>
    public void Encode(FrameWriter writer, in Outgoing next)
    {
        var numbered = _refs.Count;
        var selection = next.Message as ActorSelectionMessage;
        var start = writer.BeginFrame(selection is null ? FrameKind.Message : FrameKind.Selection);
        try
        {
            _refs.WriteRecipient(writer, next.Recipient);
            _refs.WriteSender(writer, next.Sender);
            if (selection is not null) SelectionForm.Write(writer, selection);
            _messages.Write(writer, selection?.Message ?? next.Message);
            if (writer.EndFrame(start) is var size && size > remoting.Tcp.MaximumFrameSize)
            {
                remoting.Log.Error(
                    $"Discarding oversized payload sent to [{next.Recipient}]: max allowed size " +
                    $"{remoting.Tcp.MaximumFrameSize} bytes, actual size of encoded " +
                    $"[{next.Message.GetType()}] was {size} bytes.");
                TakeBack();
            }
            else if (remoting.Settings.LogSend)
                remoting.Log.Debug($"RemoteMessage: {next.Message} to [{next.Recipient}]<-[{next.Sender}]");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            TakeBack();
            remoting.Log.Error(e, $"[{next.Message.GetType()}] to [{next.Recipient}] cannot be sent: {e.Message}");
        }

        void TakeBack()
        {
            writer.TakeBack(start);
            _refs.ForgetSince(numbered);
        }
    }

    /// <summary>Closes because something went wrong.</summary>
    public void Fail(string reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        stream.Dispose();
        association.OnClosed(this, reason);
    }

    /// <summary>Closes on purpose, after a word of goodbye if the connection takes it at once.</summary>
    public void Close(DisconnectReason reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _ = CloseAsync(reason);
    }

    private async Task CloseAsync(DisconnectReason reason)
    {
        try
        {
            var writer = new FrameWriter();
            var start = writer.BeginFrame(FrameKind.Goodbye);
            writer.WriteByte((byte)reason);
            writer.EndFrame(start);
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await stream.WriteAsync(writer.Written, timeout.Token).ConfigureAwait(false);
            if (stream is SslStream tls) await tls.ShutdownAsync().ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It was on its way out; the peer notices the closed socket all the same.
        }
        stream.Dispose();
    }

    private async Task ReadAsync()
    {
        var reason = "the remote system closed the connection";
        try
        {
            var buffer = new byte[256];
            var filled = 0;
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
                if (read == 0) break;
                Interlocked.Exchange(ref _lastRead, Environment.TickCount64);
                filled += read;
                var used = 0;
                while (Sockets.TryGetFrame(buffer, used, filled, buffer.Length - FrameWriter.HeaderSize, out var size))
                {
                    Handle(new FrameReader(buffer, used + FrameWriter.HeaderSize, size));
                    used += size + FrameWriter.HeaderSize;
                }
                Buffer.BlockCopy(buffer, used, buffer, 0, filled - used);
                filled -= used;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            reason = Explain(e);
        }
        Fail(reason);
    }

    private void Handle(FrameReader frame)
    {
        switch ((FrameKind)frame.ReadByte())
        {
            case FrameKind.Acknowledge:
                association.OnAcknowledged(frame.ReadVarint());
                break;
            case FrameKind.Pong:
                break;
            case var other:
                throw new ProtocolException($"It sent a frame of kind {other} where only answers belong.");
        }
    }
}
