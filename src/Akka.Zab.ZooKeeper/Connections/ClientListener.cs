using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>Accepts TCP connections: Kestrel without HTTP, host or services.</summary>
internal sealed class ClientListener : IAsyncDisposable
{
    /// <summary>How many connections may wait to be accepted.</summary>
    public const int Backlog = 1024;

    readonly KestrelServer _server;

    ClientListener(KestrelServer server, IPEndPoint endpoint)
    {
        _server = server;
        Endpoint = endpoint;
    }

    /// <summary>Where it listens; the port is the real one also where 0 was asked for.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Listens, and runs <paramref name="serve"/> for each connection.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="serve">For each connection.</param>
    /// <exception cref="IOException">The port is taken, or the address is not this machine's.</exception>
    public static async Task<ClientListener> StartAsync(IPEndPoint endpoint, Func<ConnectionContext, Task> serve)
    {
        ListenOptions? bound = null;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = null;
        options.Listen(endpoint, listen =>
        {
            bound = listen;
            listen.Run(connection => serve(connection));
        });

        // A connection's frames are decoded where they are received, and replies are sent by whoever flushes: both are
        // short and never wait, and each thread saved is a wake-up saved.
        var sockets = new SocketTransportOptions
        {
            UnsafePreferInlineScheduling = true,
            NoDelay = true,
            Backlog = Backlog,
            MaxReadBufferSize = 2 << 20,
            MaxWriteBufferSize = 1 << 20,
        };
        var transport = new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new NoHttp(), CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            server.Dispose();
            throw;
        }
        return new ClientListener(server, bound?.IPEndPoint ?? endpoint);
    }

    /// <summary>Accepts no more, and closes the connections that do not end by themselves within a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    /// <summary>Kestrel wants an application; the endpoint never speaks HTTP.</summary>
    sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException();

        public Task ProcessRequestAsync(object context) => throw new NotSupportedException();

        public void DisposeContext(object context, Exception? exception)
        {
        }
    }
}
