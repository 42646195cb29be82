using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Zab.Tree;
using Akka.Zab.ZooKeeper.Words;
using Microsoft.AspNetCore.Connections;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>What the words need of the rest of the server; null while nothing can be told.</summary>
internal delegate Task<ServerSnapshot?> TakeSnapshot(
    FourLetterWord word, IReadOnlyList<ConnectionSnapshot> connections, ConnectionStatistics traffic,
    PortRefusals refused);

/// <summary>The open port: accepts connections and serves them until it is closed.</summary>
internal sealed class ClientPort : IAsyncDisposable
{
    readonly IActorRef _registry;
    readonly ConnectionLimits _limits;
    readonly HashSet<FourLetterWord> _words;
    readonly TakeSnapshot _takeSnapshot;
    readonly ConnectionTable _connections;
    readonly ILoggingAdapter _log;
    readonly OutstandingBudget _budget;
    readonly TraceMask _traceMask = new();
    ClientListener? _plain;
    ClientListener? _secure;

    ClientPort(PortSettings settings, IActorRef registry, TakeSnapshot takeSnapshot, ILoggingAdapter log)
    {
        _registry = registry;
        _takeSnapshot = takeSnapshot;
        _log = log;
        _limits = settings.Limits;
        _words = [.. settings.Words];
        _connections = new ConnectionTable(settings.MaxConnectionsPerAddress, settings.MaxConnections);
        _budget = new OutstandingBudget(settings.MaxOutstandingBytes);
    }

    /// <summary>Where it listens without TLS; with TLS, if that is all there is.</summary>
    public IPEndPoint Endpoint => (_plain ?? _secure)!.Endpoint;

    /// <summary>Where it listens with TLS, or null.</summary>
    public IPEndPoint? SecureEndpoint => _secure?.Endpoint;

    /// <summary>Opens the port.</summary>
    /// <exception cref="IOException">It cannot be opened; the message is one sentence.</exception>
    public static async Task<ClientPort> OpenAsync(
        PortSettings settings, IActorRef registry, TakeSnapshot takeSnapshot, ILoggingAdapter log)
    {
        var port = new ClientPort(settings, registry, takeSnapshot, log);
        try
        {
            if (settings.Plain) port._plain = await port.ListenAsync(settings.Host, settings.Port, null).ConfigureAwait(false);
            if (settings.Tls is { } tls)
                port._secure = await port.ListenAsync(tls.Host, tls.Port, tls.Options).ConfigureAwait(false);
            return port;
        }
        catch
        {
            await port.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the port and every connection. The sessions live on until their timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        _connections.AbortAll();
        if (_plain is not null) await _plain.DisposeAsync().ConfigureAwait(false);
        if (_secure is not null) await _secure.DisposeAsync().ConfigureAwait(false);
    }

    async Task<ClientListener> ListenAsync(string host, int number, TlsOptions? tls)
    {
        try
        {
            var endpoint = new IPEndPoint(await ResolveAsync(host).ConfigureAwait(false), number);
            return await ClientListener.StartAsync(
                endpoint,
                tls is null
                    ? context => AdmitAsync(context, remote => ServeAsync(context, context.Transport, remote, null))
                    : context => AdmitAsync(context, remote => ServeSecureAsync(context, remote, tls)))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            var socket = Find<SocketException>(e);
            var taken = Find<AddressInUseException>(e) is not null
                || socket is { SocketErrorCode: SocketError.AddressAlreadyInUse };
            var why = taken ? "it is taken" : (socket ?? e).Message.TrimEnd('.');
            throw new IOException($"The client port {host}:{number} cannot be opened: {why}.", e);
        }
    }

    async Task AdmitAsync(ConnectionContext context, Func<IPEndPoint, Task> serve)
    {
        var remote = context.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        // Who shakes hands counts already: it costs more than most of what comes after it.
        if (!_connections.TryEnter(remote.Address)) return;
        try
        {
            await serve(remote).ConfigureAwait(false);
        }
        finally
        {
            _connections.Leave(remote.Address);
        }
    }

    async Task ServeSecureAsync(ConnectionContext context, IPEndPoint remote, TlsOptions options)
    {
        var patience = _limits.HandshakeTimeout ?? ConnectionLimits.DefaultHandshakeTimeout;
        var tls = await TlsTransport.AcceptAsync(context.Transport, options, patience, context.ConnectionClosed)
            .ConfigureAwait(false);
        if (tls is null) return;
        await using (tls.ConfigureAwait(false))
        {
            var subject = tls.ClientCertificate is { } certificate ? SubjectName.Of(certificate.SubjectName) : null;
            await ServeAsync(context, tls, remote, subject).ConfigureAwait(false);
        }
    }

    async Task ServeAsync(ConnectionContext context, IDuplexPipe transport, IPEndPoint remote, string? certificate)
    {
        var connection = new ClientConnection(
            transport, remote.ToString(), _registry, _limits, AnswerAsync, OnFault, _budget, certificate);
        _connections.Add(connection);
        try
        {
            await connection.RunAsync(context.ConnectionClosed).ConfigureAwait(false);
        }
        finally
        {
            _connections.Remove(connection);
        }
    }

    async Task<string> AnswerAsync(WordCommand command)
    {
        var word = command.Word;
        if (!_words.Contains(word)) return FourLetterWords.NotInWhitelist(word);
        switch (word)
        {
            case FourLetterWord.Ruok or FourLetterWord.Envi:
                return WordAnswers.Answer(word, null);
            case FourLetterWord.Gtmk:
                return _traceMask.Show();
            case FourLetterWord.Stmk:
                return _traceMask.Set(command.Argument);
        }
        var (connections, traffic) = _connections.Snapshot();
        var refused = new PortRefusals(
            _connections.Refused, Volatile.Read(ref _limits.Refusals.LongRequests),
            Volatile.Read(ref _limits.Refusals.LongReplies));
        var server = await _takeSnapshot(word, connections, traffic, refused).ConfigureAwait(false);
        if (server is { AnswersWords: true })
        {
            if (word == FourLetterWord.Crst) _connections.ResetConnections();
            if (word == FourLetterWord.Srst) _connections.ResetServer();
        }
        return WordAnswers.Answer(word, server);
    }

    void OnFault(ClientConnection connection, Exception fault)
        => _log.Error(
            fault, "The connection of {0}, session 0x{1:x}, is closed after a fault of this server's",
            connection.Remote, connection.SessionId);

    static async Task<IPAddress> ResolveAsync(string host)
        => IPAddress.TryParse(host, out var address)
            ? address
            : (await Dns.GetHostAddressesAsync(host).ConfigureAwait(false))[0];

    static T? Find<T>(Exception? e) where T : Exception
    {
        for (; e is not null; e = e.InnerException)
            if (e is T found) return found;
        return null;
    }
}
