using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Remote.Transport;

internal delegate T FrameParser<out T>(FrameReader frame);

/// <summary>What both directions need of sockets.</summary>
internal static class Sockets
{
    public static void Prepare(Socket socket, TcpSettings settings)
    {
        socket.NoDelay = settings.NoDelay;
        if (settings.KeepAlive) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (settings.SendBufferSize > 0) socket.SendBufferSize = settings.SendBufferSize;
        if (settings.ReceiveBufferSize > 0) socket.ReceiveBufferSize = settings.ReceiveBufferSize;
    }

    /// <summary>The other end, for messages.</summary>
    public static string Origin(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "?";
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return "?";
        }
    }

    /// <summary>Whether a whole frame begins at <paramref name="start"/>.</summary>
    /// <exception cref="ProtocolException">The frame is empty or larger than allowed.</exception>
    public static bool TryGetFrame(byte[] buffer, int start, int end, int largest, out int size)
    {
        size = 0;
        if (end - start < FrameWriter.HeaderSize) return false;
        size = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start));
        if (size < 1 || size > largest)
            throw new ProtocolException($"It announces a frame of {(uint)size} bytes; at most {largest} are allowed.");
        return end - start - FrameWriter.HeaderSize >= size;
    }

    /// <summary>Reads the engine's mark and the frame after it, and nothing beyond.</summary>
    /// <exception cref="ProtocolException">The first bytes are something else.</exception>
    public static async Task<T> ReadFirstFrameAsync<T>(
        Stream stream, FrameParser<T> parse, CancellationToken cancellation)
    {
        var buffer = new byte[Handshake.MarkSize + FrameWriter.HeaderSize + Handshake.LongestFrame];
        var filled = 0;
        const int head = Handshake.MarkSize + FrameWriter.HeaderSize;
        while (filled < head)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled, head - filled), cancellation)
                .ConfigureAwait(false);
            if (read == 0)
                throw filled == 0 ? new EndOfStreamException() : new ProtocolException(Stranger(buffer, filled));
            filled += read;
            var seen = Math.Min(filled, Handshake.MarkSize);
            if (!buffer.AsSpan(0, seen).SequenceEqual(Handshake.Mark[..seen]) &&
                (filled >= 5 || buffer[0] != Handshake.Mark[0]))
                throw new ProtocolException(Stranger(buffer, filled));
        }
        TryGetFrame(buffer, Handshake.MarkSize, filled, Handshake.LongestFrame, out var size);
        var rest = await stream.ReadAtLeastAsync(
            buffer.AsMemory(head, size), size, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        if (rest < size) throw new ProtocolException("It closed in the middle of its first frame.");
        return parse(new FrameReader(buffer, head, size));

        static string Stranger(byte[] buffer, int filled) => Handshake.Describe(buffer.AsSpan(0, filled));
    }

    public static async Task<Stream> SecureAsClientAsync(
        Stream stream, TlsSettings settings, string host, CancellationToken cancellation)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ClientCertificates = [settings.Certificate],
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = Validation(settings),
            },
            cancellation).ConfigureAwait(false);
        return tls;
    }

    public static async Task<Stream> SecureAsServerAsync(
        Stream stream, TlsSettings settings, CancellationToken cancellation)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = settings.Certificate,
                ClientCertificateRequired = true,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = Validation(settings),
            },
            cancellation).ConfigureAwait(false);
        return tls;
    }

    /// <summary>The addresses that a host name or a literal to listen on stands for; one of them is used.</summary>
    public static IPAddress ResolveLocal(string host)
    {
        if (IPAddress.TryParse(host, out var literal)) return literal;
        var found = Dns.GetHostAddresses(host);
        return found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
    }

    private static RemoteCertificateValidationCallback? Validation(TlsSettings settings) =>
        settings.SuppressValidation ? static (_, _, _, _) => true : null;
}
