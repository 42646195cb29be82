using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Zab.Client.Jute;

namespace Akka.Zab.Client.Transport;

/// <summary>
/// The socket of a <see cref="WireConnection"/>: connects, encrypts if so wished, and tells the actor what arrives,
/// whole frames at a time. Whatever goes wrong ends in one <see cref="Ended"/>.
/// </summary>
internal sealed class WireSocket : IDisposable
{
    /// <summary>To the actor: there is a connection.</summary>
    public sealed record Open;

    /// <summary>To the actor: whole frames, each with its length before it.</summary>
    public sealed record Frames(ReadOnlyMemory<byte> Bytes);

    /// <summary>To the actor: what was given to <see cref="WriteAsync"/> has left.</summary>
    public sealed record Written;

    /// <summary>To the actor: the connection is over.</summary>
    public sealed record Ended(string Why);

    private const int FirstBuffer = 16 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _closed = new();
    private readonly IActorRef _actor;
    private readonly int _maxFrame;
    private Stream? _stream;

    /// <param name="actor">Who is told.</param>
    /// <param name="maxFrame">The largest frame to accept, in bytes.</param>
    public WireSocket(IActorRef actor, int maxFrame)
    {
        _actor = actor;
        _maxFrame = maxFrame;
    }

    /// <summary>Connects, and from then on reads, until the end.</summary>
    public async Task RunAsync(DnsEndPoint server, SslClientAuthenticationOptions? tls)
    {
        try
        {
            await _socket.ConnectAsync(server, _closed.Token).ConfigureAwait(false);
            _stream = new NetworkStream(_socket, ownsSocket: false);
            if (tls is not null) await EncryptAsync(server, tls).ConfigureAwait(false);
            _actor.Tell(new Open(), ActorRefs.NoSender);
            await ReadAsync(_stream).ConfigureAwait(false);
            _actor.Tell(new Ended("the server closed the connection"), ActorRefs.NoSender);
        }
        catch (Exception e) when (IsExpected(e))
        {
            _actor.Tell(new Ended(e.Message), ActorRefs.NoSender);
        }
    }

    /// <summary>Sends bytes, which must not change until <see cref="Written"/> comes.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream!.WriteAsync(bytes, _closed.Token).ConfigureAwait(false);
            _actor.Tell(new Written(), ActorRefs.NoSender);
        }
        catch (Exception e) when (IsExpected(e))
        {
            _actor.Tell(new Ended(e.Message), ActorRefs.NoSender);
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _stream?.Dispose();
        _socket.Dispose();
        _closed.Dispose();
    }

    private async Task EncryptAsync(DnsEndPoint server, SslClientAuthenticationOptions tls)
    {
        var encrypted = new SslStream(_stream!, leaveInnerStreamOpen: false);
        _stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(For(server, tls), _closed.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// The options for one server, whose certificate is checked for its own name: those of the client stay as they are.
    /// </summary>
    private static SslClientAuthenticationOptions For(DnsEndPoint server, SslClientAuthenticationOptions tls)
    {
        if (tls.TargetHost is not null) return tls;
        var own = new SslClientAuthenticationOptions
        {
            TargetHost = server.Host,
            AllowRenegotiation = tls.AllowRenegotiation,
            AllowTlsResume = tls.AllowTlsResume,
            ApplicationProtocols = tls.ApplicationProtocols,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
            ClientCertificateContext = tls.ClientCertificateContext,
            ClientCertificates = tls.ClientCertificates,
            EnabledSslProtocols = tls.EnabledSslProtocols,
            EncryptionPolicy = tls.EncryptionPolicy,
            LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
        };
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows()) return own;
        own.AllowRsaPkcs1Padding = tls.AllowRsaPkcs1Padding;
        own.AllowRsaPssPadding = tls.AllowRsaPssPadding;
        return own;
    }

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[FirstBuffer];
        var filled = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), _closed.Token).ConfigureAwait(false);
            if (read == 0) return;
            filled += read;
            var whole = WholeFrames(buffer.AsSpan(0, filled), out var next);
            if (whole > 0)
            {
                // The actor reads them later, while this buffer fills again.
                _actor.Tell(new Frames(buffer.AsMemory(0, whole).ToArray()), ActorRefs.NoSender);
                buffer.AsSpan(whole, filled - whole).CopyTo(buffer);
                filled -= whole;
            }
            if (next + sizeof(int) > buffer.Length)
                Array.Resize(ref buffer, Math.Max(next + sizeof(int), buffer.Length * 2));
        }
    }

    /// <summary>
    /// How many bytes are whole frames, and how long the next frame will be, as far as that is known.
    /// </summary>
    private int WholeFrames(ReadOnlySpan<byte> received, out int next)
    {
        var whole = 0;
        next = 0;
        while (received.Length - whole >= sizeof(int))
        {
            next = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(received[whole..]);
            if ((uint)next > (uint)_maxFrame)
                throw new InvalidDataException($"the server sent a frame of {next} bytes; {_maxFrame} is the limit");
            if (received.Length - whole - sizeof(int) < next) break;
            whole += sizeof(int) + next;
            next = 0;
        }
        return whole;
    }

    private static bool IsExpected(Exception e) => e is SocketException or IOException or OperationCanceledException
        or ObjectDisposedException or InvalidDataException or System.Security.Authentication.AuthenticationException;
}
