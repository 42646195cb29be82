using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>A connection's pipes with TLS between them and the client.</summary>
internal sealed class TlsTransport : IDuplexPipe, IAsyncDisposable
{
    readonly SslStream _stream;

    TlsTransport(SslStream stream)
    {
        _stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>The client's certificate, which was checked; null if it has shown none.</summary>
    public X509Certificate2? ClientCertificate => _stream.RemoteCertificate as X509Certificate2;

    /// <summary>Shakes hands; null if the client does not, or has not the right certificate.</summary>
    public static async Task<TlsTransport?> AcceptAsync(
        IDuplexPipe transport, TlsOptions options, TimeSpan patience, CancellationToken closed)
    {
        var stream = new SslStream(new PipeStream(transport));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(closed);
        limit.CancelAfter(patience);
        try
        {
            await stream.AuthenticateAsServerAsync(options.ForHandshake(), limit.Token).ConfigureAwait(false);
            return new TlsTransport(stream);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException
            or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Input.CompleteAsync().ConfigureAwait(false);
            await Output.CompleteAsync().ConfigureAwait(false);
            await _stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The client has gone already.
        }
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The two pipes of a connection as one stream.</summary>
    sealed class PipeStream(IDuplexPipe transport) : Stream
    {
        readonly Stream _input = transport.Input.AsStream(leaveOpen: true);
        readonly Stream _output = transport.Output.AsStream(leaveOpen: true);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => _input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            => _output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override void Flush() => _output.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
