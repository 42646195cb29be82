using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Zab.ZooKeeper.Tests.Whole;

/// <summary>What a server needs for its port with TLS, in files, and what a client says first.</summary>
internal sealed class TlsFiles : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("zab-tls-").FullName;

    public TlsFiles()
    {
        using var server = Certificates.Sign("CN=server");
        File.WriteAllBytes(Path.Combine(_folder, "server.p12"), server.Export(X509ContentType.Pfx, "secret"));
        File.WriteAllText(Path.Combine(_folder, "authorities.pem"), Certificates.Pem);
    }

    /// <summary>Those that the server trusts.</summary>
    public Certificates Certificates { get; } = new();

    /// <summary>The first bytes of a client that means well: a whole ClientHello.</summary>
    public static byte[] Hello { get; } = Record();

    /// <summary>HOCON for the port.</summary>
    /// <param name="more">More settings of the port.</param>
    public string Settings(string more = "") =>
        $$"""
          akka.remote.dot-netty.tcp.ssl.certificate { path = "{{_folder}}/server.p12", password = "secret" }
          akka.zab.client-port.tls {
            enabled = on, host = "127.0.0.1", port = 0, authorities = "{{_folder}}/authorities.pem"
            {{more}}
          }
          """;

    /// <summary>A client's end of TLS that shows nothing and trusts anybody.</summary>
    public static async Task<SslStream> DialAsync(IPEndPoint endpoint)
    {
        var stream = new SslStream(await RawSession.DialAsync(endpoint));
        await stream.AuthenticateAsClientAsync(Options());
        return stream;
    }

    public void Dispose()
    {
        Certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    static SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = "127.0.0.1",
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };

    static byte[] Record()
    {
        var wire = new Silence();
        using var client = new SslStream(wire);
        try
        {
            client.AuthenticateAsClient(Options());
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Nobody answered.
        }
        return wire.Written.ToArray();
    }

    /// <summary>Keeps what is written, and ends when it is read.</summary>
    sealed class Silence : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);

        public override void Flush()
        {
            // There is nothing to wait for.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>Clients that began to shake hands and said no more.</summary>
internal sealed class HalfOpenHandshakes : IDisposable
{
    readonly List<Stream> _streams = [];

    /// <summary>Opens some: each gets a little further than the one before.</summary>
    public async Task OpenAsync(IPEndPoint endpoint, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var stream = await RawSession.DialAsync(endpoint);
            _streams.Add(stream);
            await stream.WriteAsync(TlsFiles.Hello.AsMemory(0, TlsFiles.Hello.Length * i / Math.Max(1, count - 1)));
        }
    }

    /// <summary>Waits until the server has closed all of them.</summary>
    public async Task ClosedAsync()
    {
        var buffer = new byte[16 * 1024];
        foreach (var stream in _streams)
        {
            try
            {
                while (await stream.ReadAsync(buffer) > 0)
                {
                    // What it said to a whole ClientHello.
                }
            }
            catch (IOException)
            {
                // Reset.
            }
        }
    }

    /// <summary>The clients go away.</summary>
    public void Dispose() => _streams.ForEach(stream => stream.Dispose());
}
