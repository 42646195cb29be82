using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>A connection that carries frames.</summary>
internal sealed class Link : IDisposable
{
    /// <summary>Longer than any server needs, so that only one that never answers is called silent.</summary>
    const int PatienceMs = 30_000;

    readonly Stream _stream;
    readonly byte[] _buffer = new byte[64 * 1024];
    int _start;
    int _end;

    /// <param name="port">On this machine.</param>
    /// <param name="tls">How to encrypt; not at all if null.</param>
    public Link(int port, SslClientAuthenticationOptions? tls = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = PatienceMs,
            SendTimeout = PatienceMs,
        };
        socket.Connect("127.0.0.1", port);
        _stream = new NetworkStream(socket, ownsSocket: true);
        if (tls is null) return;
        var encrypted = new SslStream(_stream);
        _stream = encrypted;
        encrypted.AuthenticateAsClient(tls);
    }

    public void Send(byte[] frame)
    {
        var framed = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, frame.Length);
        frame.CopyTo(framed, 4);
        SendFramed(framed);
    }

    public void SendFramed(byte[] frames)
    {
        try
        {
            _stream.Write(frames);
        }
        catch (IOException)
        {
            // The server closed the connection, as the next read shows.
        }
    }

    /// <summary>The next frame, or null if the server closed the connection.</summary>
    public byte[]? Receive()
    {
        var length = new byte[4];
        if (!Fill(length)) return null;
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        return Fill(frame) ? frame : null;
    }

    public void Dispose() => _stream.Dispose();

    bool Fill(Span<byte> target)
    {
        while (target.Length > 0)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, Read());
                if (_end == 0) return false;
            }
            var count = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(target);
            target = target[count..];
            _start += count;
        }
        return true;
    }

    int Read()
    {
        try
        {
            return _stream.Read(_buffer);
        }
        catch (IOException e) when (e.InnerException is SocketException
        {
            SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock,
        })
        {
            throw new TimeoutException($"Nothing came for {PatienceMs / 1000} seconds.", e);
        }
        catch (IOException)
        {
            return 0; // reset, or closed without a last word of TLS
        }
    }
}
